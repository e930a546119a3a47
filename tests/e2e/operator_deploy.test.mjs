// Deploying, a newer version and the way back, and the catalogue: the commands of README.md, docs/operations/README.md and
// docs/catalogue.md as they stand, with the pinned wrangler against a stand-in of Cloudflare's API.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Operator, rows } from "./cloudflare/operator.mjs";
import { fill, inline, page } from "./cloudflare/pages.mjs";
import { insert, person } from "./cloudflare/planted.mjs";

const CATALOGUE = "docs/catalogue.md";
const block = (path, heading) => page(path).find((step) => step.heading === heading && step.shell).shell;
const rollback = inline("docs/operations/README.md").find((command) => command.includes("rollback"));

let operator;
before(async () => (operator = await Operator.start()));
after(() => operator.stop());

/** Which version answers: the build of these tests says nothing else. */
const answering = () => operator.script.deployed().code.match(/Response\((?:"|')(.*?)(?:"|')\)/)[1];
const version = () => operator.rows("SELECT version FROM schema_meta")[0].version;
const migrations = () => readdirSync(join(operator.checkout, "migrations")).length;

test("from nothing to a Worker with its database, cache and secrets", async () => {
  await operator.commands(block("README.md", "Deploy"));
  assert.equal(answering(), "1");
  assert.equal(version(), migrations());
  assert.deepEqual(Object.keys(operator.secrets), ["MASTER_SECRET", "PASSWORD_PEPPER"]);
  for (const secret of Object.values(operator.secrets)) assert.match(secret, /^0:[\w-]{43}$/);
  const { bindings } = operator.script.deployed().metadata;
  const bound = (name) => bindings.find((binding) => binding.name === name);
  assert.equal(bound("DB").id, operator.database.uuid);
  assert.equal(bound("CACHE").namespace_id, operator.cloud.namespaces[0].id);
  for (const name of ["MAIL", "SHIELD", "SHIELD_APPLICATIONS", "REGION"]) assert.ok(bound(name), name);
  assert.deepEqual(operator.script.schedules, [{ cron: "*/5 * * * *" }]);
});

test("a newer version: migrations first, then the Worker; data and secrets stay", async () => {
  person(operator.database, "john");
  const [secrets, { uuid }] = [operator.secrets, operator.database];
  operator.write("version", "2");
  const next = migrations() + 1;
  operator.write(`migrations/${String(next).padStart(4, "0")}_next.sql`, `CREATE TABLE next (x INTEGER);\nUPDATE schema_meta SET version = ${next};\n`);
  const here = operator.database.bookmark(null);
  const [info, apply] = await operator.commands(block("docs/operations/README.md", "A newer version"));
  assert.ok(info.includes(here), "the bookmark to write down");
  assert.match(apply, /_next\.sql/);
  assert.equal(answering(), "2");
  assert.equal(version(), next);
  assert.deepEqual(operator.secrets, secrets);
  assert.deepEqual([operator.cloud.databases.length, operator.database.uuid, operator.cloud.namespaces.length], [1, uuid, 1]);
  assert.deepEqual(operator.rows("SELECT name FROM account"), [{ name: "john" }]);
});

test("the way back: the Worker of before, the database as it is", async () => {
  const secrets = operator.secrets;
  await operator.run(rollback);
  assert.equal(answering(), "1");
  assert.equal(version(), migrations());
  assert.deepEqual(operator.secrets, secrets);
});

test("the way back in a terminal asks about a secret that has changed; no leaves everything", async () => {
  await operator.commands("npx wrangler deploy\nprintf 0:other | npx wrangler secret put MASTER_SECRET");
  const deployments = operator.script.deployments.length;
  const seen = await operator.terminal(rollback, ["rollback (120", "\r"], ["100% of traffic?", "y"], ["MASTER_SECRET", "n"]);
  assert.match(seen, /secrets have changed/);
  assert.equal(operator.script.deployments.length, deployments);
  assert.equal(operator.secrets.MASTER_SECRET, "0:other");
});

test("the catalogue: checked, loaded here and there, looked at, changed by hand, taken away", async () => {
  await operator.run("cp docs/catalogue/newsletter.json my.json\nnpx wrangler d1 migrations apply DB --local --persist-to .wrangler/state");
  const [checked, local, remote] = await operator.commands(block(CATALOGUE, "Adding a product"));
  assert.match(checked, /nothing wrong/);
  assert.match(local, /adds +product Newsletter[\s\S]*loaded/);
  assert.match(remote, /adds +product Newsletter[\s\S]*loaded/);
  assert.equal(operator.rows("SELECT count(*) AS n FROM role WHERE product = 'Newsletter'")[0].n > 0, true);

  const [again, shown] = await operator.commands(block(CATALOGUE, "Checking it"));
  assert.match(again, /nothing to do/);
  assert.ok(rows(shown).some(({ product, role }) => product === "Newsletter" && role === "administrator"));

  const { organization_id } = operator.rows("SELECT organization_id FROM organization")[0];
  insert(operator.database, { organization_product: { organization_id, product: "Newsletter", created_at: 1 } });
  const byHand = page(CATALOGUE).find(({ heading, shell }) => heading === "Changing it" && shell?.includes("UPDATE")).shell;
  await operator.run(fill(byHand, { "...": organization_id }));
  assert.deepEqual(operator.rows("SELECT state FROM organization_product WHERE product = 'Newsletter'"), [{ state: "expired" }]);

  const remove = inline(CATALOGUE).find((command) => command.includes("REMOVE=1")).replace("[REMOTE=1]", "REMOTE=1");
  assert.match(await operator.run(`${remove} || true`), /refused: product Newsletter: organizations have it/);
  operator.database.execute("DELETE FROM organization_product WHERE product = 'Newsletter'");
  assert.match(await operator.run(remove), /removed: Newsletter/);
  assert.equal(operator.rows("SELECT count(*) AS n FROM product WHERE product = 'Newsletter'")[0].n, 0);
  assert.deepEqual(operator.cloud.strays, []);
});
