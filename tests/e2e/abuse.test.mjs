// What a flood meets on workerd: the platform's rate limiting before everything, the counters behind it, and the challenge of
// the sign-up form, with a stand-in for the service that judges its answers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { PASSWORD, openDatabase, serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

const LIMIT = { timeout: 240_000 };

let server;
let judge;
const asked = [];
let verdict = { success: true, hostname: "localhost", action: "signup" };
before(async () => {
  judge = createServer(async (request, response) => {
    const chunks = await Array.fromAsync(request);
    asked.push({ method: request.method, headers: request.headers, form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())) });
    if (!verdict) return response.writeHead(500).end();
    response.setHeader("content-type", "application/json").end(JSON.stringify(verdict));
  }).listen(0, "127.0.0.1");
  await once(judge, "listening");
  const env = {
    LIMITS: "production",
    TURNSTILE_SITE_KEY: "1x00000000000000000000AA",
    TURNSTILE_SECRET: "canary-turnstile-secret",
    TURNSTILE_URL: `http://127.0.0.1:${judge.address().port}/siteverify`,
  };
  server = await serve({ env });
});
after(async () => {
  judge?.close();
  await server?.stop();
});

test("the sign-up form asks the challenge, and its answer is judged elsewhere", LIMIT, async () => {
  const visitor = new Visitor(server.url);
  const page = await visitor.get("/signup");
  assert.match(page.text, /data-sitekey="1x00000000000000000000AA"/);
  assert.match(page.headers.get("content-security-policy"), /script-src 'self' https:\/\/challenges\.cloudflare\.com; .*frame-src https:\/\/challenges\.cloudflare\.com;/);
  const person = { email: "person@example.com", password: PASSWORD, name: "Anna" };
  assert.equal((await visitor.post("/signup", page, person)).status, 422, "no answer");
  assert.equal(asked.length, 0);
  verdict = { success: false };
  assert.equal((await visitor.post("/signup", page, { ...person, "cf-turnstile-response": "a+b&c" })).status, 422);
  assert.deepEqual(asked[0].form, { secret: "canary-turnstile-secret", response: "a+b&c" });
  assert.equal(asked[0].method, "POST");
  assert.equal(asked[0].headers["content-type"], "application/x-www-form-urlencoded");
  for (const header of ["cookie", "authorization", "origin", "referer"]) assert.equal(asked[0].headers[header], undefined, header);
  verdict = undefined;
  const api = { ...signUp("person@example.com"), turnstile_token: "x" };
  assert.equal((await server.call("POST", "/v2/organizations", { json: api })).status, 503, "nobody can be asked");
  verdict = { success: true, hostname: "localhost", action: "signup" };
  assert.equal((await visitor.post("/signup", page, { ...person, "cf-turnstile-response": "right" })).status, 200);
  const database = openDatabase(server.state);
  assert.deepEqual(database.prepare("SELECT email FROM account").all().map(({ email }) => email), ["person@example.com"]);
  database.close();
  assert.ok(!server.logs().some((line) => JSON.stringify(line).includes("canary")), "L4"); // wrangler itself lists its variables
});

test("guesses come at growing distances, and not for a browser that the account knows", LIMIT, async () => {
  const known = new Visitor(server.url);
  const form = await known.get("/signin");
  assert.equal((await known.post("/signin", form, { email: "person@example.com", password: PASSWORD })).status, 200);
  const stranger = new Visitor(server.url);
  const page = await stranger.get("/signin");
  const guesses = await Promise.all(
    stranger.copies(20).map((copy) => copy.post("/signin", page, { email: "person@example.com", password: "a-wrong-password" })),
  );
  const statuses = guesses.map(({ status }) => status);
  assert.equal(statuses.filter((status) => status === 401).length, 10, `${statuses}`);
  assert.equal(statuses.filter((status) => status === 429).length, 10, `${statuses}`);
  const refused = await stranger.post("/signin", page, { email: "person@example.com", password: PASSWORD });
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.headers.get("retry-after")) <= 60);
  assert.equal((await known.post("/signout", await known.get("/signout"), {})).status, 200);
  const again = await known.get("/signin");
  assert.equal((await known.post("/signin", again, { email: "person@example.com", password: PASSWORD })).status, 200);
});

test("a flood is refused by the platform's own counting, without any storage", LIMIT, async () => {
  const visitor = new Visitor(server.url);
  const page = await visitor.get("/forgot");
  const seen = []; // enough for whatever minute the local simulator begins in between
  for (let at = 0; at < 260; at += 1) seen.push((await visitor.post("/forgot", page, { email: "nobody@example.com" })).status);
  assert.equal(seen.at(-1), 429, `${seen}`);
  const lines = server.logs().filter(({ route, status }) => route === "/forgot" && status === 429);
  assert.ok(lines.some(({ storage }) => storage.d1 === 1), "the counter in the database, after 30");
  assert.ok(lines.some(({ storage }) => storage.d1 === 0), "the shield, after 100 in a minute");
});
