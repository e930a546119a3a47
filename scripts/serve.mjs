// serve dev | release: set-up, build, secrets, migrations, then one server until Ctrl-C. See the table in README.md.
//   Mails become files; the console names each when it is sent: "Text: ..." and "HTML: ...".
//   PORT (8787)  STATE (.wrangler/state)  PUBLIC_URL (http://localhost:$PORT)  LIMITS (dev)
//   DNS_URL  DNS over HTTPS, for a stand-in on this machine
//   TURNSTILE_SITE_KEY, TURNSTILE_SECRET, TURNSTILE_URL  the challenge of the sign-up form, for a stand-in too
//   DEV_VARS (.dev.vars)  file of secrets, written with random ones when absent
//   INSPECTOR_PORT (any free one)  of `make dev`, for a debugger
//   BUILD_DIR, BUILD_FEATURES  as in build.sh, for the tests
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";
import { Failure, endOnSignals, fail, start, step, stopping } from "./lib.mjs";
import { setup } from "./setup.mjs";

const release = process.argv[2] === "release";
const env = process.env;
const port = Number(env.PORT || 8787);
const state = resolve(env.STATE || ".wrangler/state");
const secrets = resolve(env.DEV_VARS || ".dev.vars");
const build = {
  BUILD_PROFILE: release ? "release" : "dev",
  BUILD_DIR: env.BUILD_DIR || (release ? "target/worker/release" : "build"),
};
const settings = {
  LIMITS: env.LIMITS || "dev",
  PUBLIC_URL: env.PUBLIC_URL || `http://localhost:${port}`,
  MAIL_FROM: env.MAIL_FROM ?? "accounts@example.com", // nothing leaves this machine: mails become files
  ...(env.DNS_URL && { DNS_URL: env.DNS_URL }),
  ...(env.TURNSTILE_SITE_KEY && {
    TURNSTILE_SITE_KEY: env.TURNSTILE_SITE_KEY,
    TURNSTILE_SECRET: env.TURNSTILE_SECRET,
    ...(env.TURNSTILE_URL && { TURNSTILE_URL: env.TURNSTILE_URL }),
  }),
};

async function main() {
  endOnSignals(0);
  await portIsFree();
  await setup();
  await step(`building the Worker (${build.BUILD_PROFILE})`, "scripts/build.sh", [], { env: build });
  writeSecrets();
  await step("migrating the local database", "wrangler", ["d1", "migrations", "apply", "DB", "--local", "--persist-to", state]);
  const server = release ? miniflare() : wrangler();
  server.ended.then(({ code }) => stopping() || fail(new Failure(`the server ended with code ${code}`)));
  await answers();
  console.log("mails: each becomes two files, named here as `Text: ...` and `HTML: ...` when it is sent");
  console.log(`ready http://127.0.0.1:${port}`);
}

function portIsFree() {
  return new Promise((free, taken) => {
    const probe = createServer();
    probe.once("error", (error) => taken(new Failure(`port ${port}: ${error.code}. Choose another: make dev PORT=8788`)));
    probe.listen(port, "127.0.0.1", () => probe.close(free));
  });
}

function writeSecrets() {
  if (existsSync(secrets)) return;
  const secret = () => `0:${randomBytes(32).toString("base64url")}`;
  const text = `MASTER_SECRET="${secret()}"\nPASSWORD_PEPPER="${secret()}"\n`;
  try {
    writeFileSync(secrets, text, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (error.code !== "EEXIST") throw error; // another instance was first
  }
}

function wrangler() {
  const args = ["dev", `${build.BUILD_DIR}/index.js`, "--ip", "127.0.0.1", "--port", port, "--persist-to", state];
  for (const [name, value] of Object.entries(settings)) args.push("--var", `${name}:${value}`);
  if (env.DEV_VARS) args.push("--env-file", secrets);
  // Port 0 = any free one: two wranglers starting at once would both choose 9229 and one would die.
  args.push("--inspector-port", env.INSPECTOR_PORT || "0", "--show-interactive-dev-session=false");
  return start("wrangler", args.map(String), { env: build, stdio: ["ignore", "inherit", "inherit"] });
}

function miniflare() {
  const options = JSON.stringify({ port, state, secrets, settings, folder: build.BUILD_DIR });
  return start("node", ["scripts/miniflare.mjs", options], { stdio: ["ignore", "inherit", "inherit"] });
}

/** Waits for the first answer, whatever its status. */
async function answers() {
  const limit = Date.now() + 60_000;
  while (Date.now() < limit) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5000) })).arrayBuffer();
      return;
    } catch {
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  throw new Failure(`no answer on port ${port} after 60 s`);
}

main().catch(fail);
