// What the tests of the browser flow share: Chromium, a person, an organization, an application on an origin of its own.
import { build } from "esbuild";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { PASSWORD, call, folder, signUp } from "../e2e/harness.mjs";

/** The longest that a page may take to show what is waited for. */
const PATIENCE = 10_000;

// A container's root has no user namespaces for Chromium's sandbox; the only pages it opens are ours.
const options = { executablePath: process.env.CHROMIUM, args: process.getuid() === 0 ? ["--no-sandbox"] : [] };

export const launch = () => chromium.launch(options);

/** A browser whose owner has allowed cookies of third parties, as some browsers do by default. */
export async function launchWithThirdPartyCookies() {
  const profile = join(folder(), "profile");
  mkdirSync(join(profile, "Default"), { recursive: true });
  const preferences = { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } };
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify(preferences));
  return patient(await chromium.launchPersistentContext(profile, options));
}

export function patient(context) {
  context.setDefaultTimeout(PATIENCE);
  return context;
}

/** An owner of a new organization: the answer of the call, and the address. */
export async function owner(server, email, name = "Acme") {
  const body = signUp(email);
  body.organization.name = name;
  const { status, json, text } = await call(server.url, "POST", "/v2/organizations", { json: body });
  if (status !== 200) throw new Error(text);
  return { ...json, email };
}

/** An application of the owner's organization. */
export async function application(server, { access_token: token }, wanted) {
  const json = { name: "Shop", type: "javascript_app", visibility: "private", scopes: ["accounts--my:rw"], ...wanted };
  const answer = await call(server.url, "POST", "/v2/clients", { token, json });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.json;
}

/** Fills the form as the vendor's own tests do. */
export async function signIn(page, email, password = PASSWORD) {
  await page.getByTestId("login-email-input").fill(email);
  await page.getByTestId("login-password-input").fill(password);
  await page.getByTestId("login-submit-button").click();
}

/** A site with the vendor's package in its pages, on both loopback names. */
export async function site() {
  const bundle = await build({
    stdin: { contents: `import SDK from "@livechat/accounts-sdk"; window.SDK = SDK;`, resolveDir: import.meta.dirname },
    bundle: true,
    format: "iife",
    write: false,
    logLevel: "error",
  });
  const script = bundle.outputFiles[0].text;
  const html = `<!doctype html><title>application</title><link rel="icon" href="data:,"><script src="/sdk.js"></script><button id="go">go</button>`;
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.url);
    const isScript = request.url === "/sdk.js";
    response.writeHead(200, { "content-type": isScript ? "text/javascript" : "text/html" }).end(isScript ? script : html);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address();
  return {
    local: `http://localhost:${port}`,
    foreign: `http://127.0.0.1:${port}`,
    /** Paths that browsers asked for. */
    requests,
    close: () => server.close(),
  };
}
