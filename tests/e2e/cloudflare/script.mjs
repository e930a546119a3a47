// A Worker of the stand-in: its secrets, its versions and which of them is deployed. As at Cloudflare, a change of a secret is
// a new version and a deployment.
import { randomUUID } from "node:crypto";
import { Refusal } from "./refusal.mjs";

/** Code that wrangler knows: rolling back would bring back other secrets. */
const SECRETS_CHANGED = 10220;

export class Script {
  secrets = new Map();
  versions = [];
  deployments = [];
  subdomain = { enabled: false, previews_enabled: false };
  schedules = [];

  constructor(name) {
    this.name = name;
  }

  secretNames() {
    return [...this.secrets.keys()].map((name) => ({ name, type: "secret_text" }));
  }

  /** Sets secrets, or takes those away that are null: one version for all of them, deployed at once. */
  change(changes) {
    const secrets = new Map([...this.secrets, ...Object.entries(changes)]);
    for (const [name, text] of secrets) if (text === null) secrets.delete(name);
    const { code, metadata } = this.deployed() ?? { code: "", metadata: { bindings: [] } };
    this.deploy(this.add(code, metadata, secrets).id, true);
    return this.secretNames();
  }

  /** A version from what wrangler uploads. Secrets stay if it says so. */
  async upload(form, check) {
    const metadata = JSON.parse(form.get("metadata"));
    // "inherit" means what the version before is bound to.
    metadata.bindings = metadata.bindings.map((binding) => {
      if (binding.type !== "inherit") return binding;
      const held = this.deployed()?.metadata.bindings.find(({ name }) => name === binding.name);
      if (!held) throw new Refusal(400, 10021, `there is no ${binding.name} to inherit`);
      return held;
    });
    metadata.bindings.forEach(check);
    const main = form.get(metadata.main_module);
    if (!main) throw new Refusal(400, 10021, "No such module");
    return this.add(await main.text(), metadata, metadata.keep_bindings?.includes("secret_text") ? this.secrets : new Map());
  }

  add(code, metadata, secrets) {
    this.versions.push({ id: randomUUID(), number: this.versions.length + 1, code, metadata, secrets, created: new Date().toISOString() });
    return this.versions.at(-1);
  }

  find(id) {
    const version = this.versions.find((version) => version.id === id);
    if (!version) throw new Refusal(404, 10181, "Version not found");
    return version;
  }

  /** The version that answers. */
  deployed() {
    const deployment = this.deployments.at(-1);
    return deployment && this.find(deployment.versions[0].version_id);
  }

  /** Puts a version in place with its own secrets; without `force` only if those are the present ones. */
  deploy(id, force) {
    const { secrets } = this.find(id);
    const names = new Set([...this.secrets.keys(), ...secrets.keys()]);
    const changed = [...names].filter((name) => this.secrets.get(name) !== secrets.get(name));
    if (changed.length > 0 && !force) {
      throw new Refusal(400, SECRETS_CHANGED, `The following secrets have changed: ${changed.join(", ")}`);
    }
    this.secrets = new Map(secrets);
    const deployment = {
      id: randomUUID(),
      source: "wrangler",
      strategy: "percentage",
      author_email: "operator@example.com",
      created_on: new Date(Date.now() + this.deployments.length).toISOString(), // no two alike
      versions: [{ version_id: id, percentage: 100 }],
      annotations: {},
    };
    this.deployments.push(deployment);
    return deployment;
  }

  /** A version as the API tells of it. */
  describe({ id, number, created, metadata }) {
    return {
      id,
      number,
      startup_time_ms: 1,
      metadata: { created_on: created, source: "wrangler" },
      annotations: {},
      resources: { bindings: metadata.bindings, script: { etag: id }, script_runtime: {} },
    };
  }

  service() {
    return { default_environment: { environment: "production", script: { last_deployed_from: "wrangler", tags: [] } } };
  }

  settings() {
    return { bindings: [...this.deployed().metadata.bindings, ...this.secretNames()], tags: [] };
  }
}
