// What crosses the border between the runtime and wasm (src/edge/border.js) as seen from outside: methods without content,
// answers without content, headers of every kind, bodies that are bytes.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

let server;
let token;
before(async () => {
  server = await serve();
  token = (await server.call("POST", "/v2/organizations", { json: signUp("border@example.com") })).json.access_token;
});
after(() => server?.stop());

const headers = (answer) => Object.fromEntries(answer.headers);

test("HEAD is GET without the content, refused alike, and says how long the content is", async () => {
  for (const [path, expected, bearer] of [
    ["/v2/accounts/me", 200, token],
    ["/v2/accounts/me", 401, "dal:AAAA"],
    ["/v2/nowhere", 404, token],
    ["/openapi.json", 200],
    ["/signin", 200],
  ]) {
    const [got, asked] = await Promise.all(["GET", "HEAD"].map((method) => server.call(method, path, { token: bearer })));
    assert.deepEqual([got.status, asked.status, asked.text], [expected, expected, ""], path);
    assert.ok(got.text.length > 0, path);
    for (const name of ["content-type", "cache-control", "etag", "www-authenticate", "content-security-policy"]) {
      const without = (value) => value?.replace(/'nonce-[^']+'/g, "");
      assert.equal(without(headers(asked)[name]), without(headers(got)[name]), `${path}: ${name}`);
    }
  }
  const asked = await server.call("HEAD", "/v2/accounts/me", { token, headers: { "accept-encoding": "identity" } });
  const got = await server.call("GET", "/v2/accounts/me", { token });
  assert.equal(Number(asked.headers.get("content-length")), Buffer.byteLength(got.text));
});

test("a method that a path does not take: 405 that names those that it takes", async () => {
  for (const [method, path, allowed] of [
    ["DELETE", "/v2/info", "GET,HEAD"],
    ["PUT", "/v2/accounts", "GET,POST,HEAD"],
    ["GET", "/v2/organizations/my/ownership", "POST"],
    ["OPTIONS", "/v2/accounts", "GET,POST,HEAD"],
  ]) {
    const { status, headers, json } = await server.call(method, path, { token });
    assert.deepEqual([status, headers.get("allow"), json.error], [405, allowed, "bad_request"], path);
    assert.equal(headers.get("access-control-allow-origin"), "*", path);
  }
  const head = await server.call("HEAD", "/v2/organizations/my/ownership", { token });
  assert.deepEqual([head.status, head.headers.get("allow"), head.text], [405, "POST", ""]);
});

test("a preflight: 204 without content, no origin reflected, no credentials mode", async () => {
  const ask = { origin: "https://product.example", "access-control-request-method": "PATCH", "access-control-request-headers": "authorization" };
  for (const path of ["/v2/accounts/me", "/v2/nowhere", "/token", "/info"]) {
    const { status, headers, text } = await server.call("OPTIONS", path, { headers: ask });
    assert.deepEqual([status, text], [204, ""], path);
    const header = (name) => headers.get(`access-control-${name}`);
    assert.deepEqual(
      ["allow-origin", "allow-methods", "allow-headers", "allow-credentials"].map(header),
      ["*", "GET, POST, PUT, PATCH, DELETE", "Authorization, Content-Type", null],
      path,
    );
  }
  const page = await server.call("OPTIONS", "/signin", { headers: ask });
  assert.deepEqual([page.status, page.headers.get("access-control-allow-origin")], [405, null], "pages are for their own origin");
});

test("answers of the same kind one after the other keep what differs between them apart", async () => {
  const visitors = [new Visitor(server.url), new Visitor(server.url)];
  const pages = await Promise.all(visitors.map((visitor) => visitor.get("/signin")));
  const cookies = pages.map((page) => page.headers.getSetCookie().join());
  assert.ok(cookies.every(Boolean));
  assert.notEqual(cookies[0], cookies[1]);
  const unauthorized = await server.call("GET", "/v2/accounts/me");
  assert.ok(!unauthorized.headers.has("set-cookie"));
  const many = await Promise.all(Array.from({ length: 40 }, (_, at) => server.call("GET", at % 2 ? "/v2/accounts/me" : "/v2/info", { token })));
  for (const [at, { status, json }] of many.entries()) {
    assert.equal(status, 200);
    assert.equal("email" in json, at % 2 === 1, "each its own answer");
  }
});

test("bytes and text beyond ASCII arrive as they are; header fields too", async () => {
  const name = "Łucja 🐈";
  const changed = await server.call("PATCH", "/v2/accounts/me", { token, json: { name } });
  assert.deepEqual([changed.status, changed.json.name], [200, name], changed.text);
  const me = await server.call("GET", "/v2/accounts/me", { token });
  assert.equal(me.json.name, name);
  const invalid = await server.call("PATCH", "/v2/accounts/me", { token, body: Buffer.from([0x7b, 0x22, 0xff, 0xfe]) });
  assert.equal(invalid.status, 400, invalid.text);
  const unchanged = await server.call("GET", "/openapi.json", { headers: { "if-none-match": (await server.call("HEAD", "/openapi.json")).headers.get("etag") } });
  assert.deepEqual([unchanged.status, unchanged.text], [304, ""]);
});

test("who calls is known by what the platform and the browser say of it", async () => {
  const agent = "Mozilla/5.0 (Border)";
  const ip = "192.0.2.77";
  const headers = { "user-agent": agent, "cf-connecting-ip": ip };
  const { status, json } = await server.call("POST", "/v2/organizations", { json: signUp("agent@example.com"), headers });
  assert.equal(status, 200);
  const { json: sessions } = await server.call("GET", "/v2/sessions", { token: json.access_token });
  assert.deepEqual(sessions.map(({ ip, user_agent }) => [ip, user_agent]), [[ip, agent]]);
});
