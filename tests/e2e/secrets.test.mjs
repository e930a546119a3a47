// A deployment without its secrets answers nothing, and its log says what to set. One with them keeps those of people:
// what they write into forms and get by mail is found in no log line, subject of a mail, file of the database or cache.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { filesBelow, folder, serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

let server;
before(async () => {
  const home = folder();
  writeFileSync(join(home, "dev.vars"), "");
  server = await serve({ home });
});
after(() => server?.stop());

for (const [method, path, json] of [
  ["GET", "/"],
  ["GET", "/health"],
  ["GET", "/v2/accounts/me"],
  ["POST", "/v2/organizations", signUp("nobody@example.com")],
]) {
  test(`${method} ${path}: 503 without detail`, async () => {
    const { status, headers, text } = await server.call(method, path, { json });
    assert.equal(status, 503);
    assert.ok(headers.get("retry-after"));
    assert.doesNotMatch(text, /SECRET|PEPPER/);
  });
}

test("the log names the secret to set", async () => {
  await server.output((line) => line.includes("MASTER_SECRET"));
});

test("L4 S2: no secret of a person is in the log, in a subject, in the database or in the cache", { timeout: 240_000 }, async () => {
  const running = await serve();
  try {
    const secrets = new Map();
    const secret = (name, text) => {
      assert.ok(text?.length >= 8, name);
      secrets.set(text, name);
      // Of a token also the part behind the region.
      if (text.includes(":")) secrets.set(text.split(":").at(-1), name);
      return text;
    };
    const email = "canary@example.com";
    const first = secret("password of the sign-up", "canary-first-password");
    const second = secret("changed password", "canary-second-password");
    const third = secret("password by mail", "canary-third-password");
    const visitor = new Visitor(running.url);
    await visitor.post("/signup", await visitor.get("/signup"), { email, password: first, name: "Canary" });
    const wrong = secret("wrong password", "canary-wrong-password");
    const stranger = new Visitor(running.url);
    const refused = await stranger.post("/signin", await stranger.get("/signin"), { email, password: wrong });
    assert.equal(refused.status, 401);
    assert.ok(!refused.text.includes(wrong), "an error repeats no password");
    const account = await visitor.get("/account");
    secret("form", account.text.match(/name="form" value="([^"]+)"/)[1]);
    const bad = await visitor.post("/account/password", account, { current_password: wrong, password: second });
    assert.ok(!bad.text.includes(wrong) && !bad.text.includes(second));
    assert.equal((await visitor.post("/account/password", bad, { current_password: first, password: second })).status, 200);
    const made = await visitor.post("/account/personal_tokens", await visitor.get("/account"), { token_name: "script", scope: "accounts--my:ro", expires_in: "2592000" });
    secret("personal token", made.text.match(/dal:[\w-]{51}/)[0]);

    const { json: owner } = await running.call("POST", "/v2/organizations", { json: signUp("canary-owner@example.com") });
    const token = secret("access token", owner.access_token);
    const application = { name: "App", type: "server_side_app", redirect_uri: "https://app.example.com/cb", scopes: ["accounts--my:ro"] };
    const { json: client } = await running.call("POST", "/v2/clients", { token, json: application });
    secret("client secret", client.secret);
    const visit = { response_type: "code", client_id: client.client_id, redirect_uri: application.redirect_uri };
    const answer = await new Visitor(running.url).authorize(visit, "canary-owner@example.com");
    const code = secret("code", answer.searchParams.get("code"));
    const guess = { grant_type: "authorization_code", client_id: client.client_id, client_secret: secret("wrong client secret", "canary-client-secret"), code, redirect_uri: application.redirect_uri };
    assert.equal((await running.call("POST", "/v2/token", { json: guess })).status, 401);
    const { json: tokens } = await running.call("POST", "/v2/token", { json: { ...guess, client_secret: client.secret } });
    secret("refresh token", tokens.refresh_token);
    secret("token of the application", tokens.access_token);
    await running.call("GET", "/v2/info", { token: tokens.access_token });
    assert.equal((await running.call("GET", "/v2/info", { token: `${token.slice(0, -1)}x` })).status, 401);

    await stranger.post("/forgot", await stranger.get("/forgot"), { email });
    const reset = await link(running, email, "Choose a new password");
    secret("reset link", reset.token);
    const asked = await stranger.get(reset.path);
    assert.equal((await stranger.post("/reset", asked, { token: reset.token, password: third })).status, 200);
    secret("verification link", (await link(running, email, "Confirm your email address")).token);
    await sleep(1_000);

    const subjects = running.lines.filter((line) => line.startsWith("Subject: "));
    assert.ok(subjects.length >= 3 && running.logs().length > 20);
    const log = [...subjects, ...running.logs().map((line) => JSON.stringify(line))];
    for (const [text, name] of secrets) {
      for (const line of log) assert.ok(!line.includes(text), `${name} in ${line}`);
    }
    // The traces of wrangler's own are of the person who develops, and hold the URL of each request, a mail's link too.
    const files = filesBelow(running.state).filter((path) => !path.includes("/observability/"));
    assert.ok(files.some((path) => path.includes("d1")) && files.some((path) => path.includes("kv")));
    for (const path of files) {
      const bytes = readFileSync(path);
      for (const [text, name] of secrets) assert.ok(!bytes.includes(text), `${name} in ${path}`);
    }
    assert.ok(files.some((path) => readFileSync(path).includes(email)), "the search finds what is there");
  } finally {
    await running.stop();
  }
});

/** The link of the newest mail to an address whose subject begins like this. */
async function link(running, address, beginning) {
  for (let tries = 0; tries < 200; tries += 1, await sleep(100)) {
    let to, subject, found;
    for (const line of running.lines) {
      to = line.match(/^To: (.*)$/)?.[1] ?? to;
      subject = line.match(/^Subject: (.*)$/)?.[1] ?? subject;
      const path = line.match(/^Text: (.*)$/)?.[1];
      if (path && to === address && subject.startsWith(beginning)) found = path;
    }
    if (found) {
      const url = new URL(readFileSync(found, "utf8").match(/^http\S+\?token=\S+$/m)[0]);
      return { path: url.pathname + url.search, token: url.searchParams.get("token") };
    }
  }
  throw new Error(`no mail "${beginning}" to ${address}`);
}
