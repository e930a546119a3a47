// Every refusal has its status, a request id, and the same id in the log.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serve, signUp } from "./harness.mjs";

let server;
before(async () => {
  server = await serve();
});
after(() => server?.stop());

/** Makes the call, checks status and request id, returns the answer with its log line. */
async function refused(expected, method, path, options) {
  const answer = await server.call(method, path, options);
  assert.equal(answer.status, expected, answer.text);
  assert.match(answer.json.request_id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(typeof answer.json.error, "string");
  const log = await server.log(answer.json.request_id);
  assert.deepEqual([log.method, log.status], [method, expected]);
  return { ...answer, log };
}

test("malformed JSON: 400", async () => {
  await refused(400, "POST", "/v2/organizations", { body: '{"email":' });
});

test("wrong types and lengths: 422 that names every bad field at once", async () => {
  const { json, log } = await refused(422, "POST", "/v2/organizations", {
    json: {
      email: 5,
      password: "BG0SaleEBL",
      organization: { name: "n".repeat(1000), company: { phone: 7, website: "w".repeat(5000) } },
    },
  });
  assert.deepEqual(Object.keys(json.invalid_fields).sort(), [
    "email",
    "organization.company.phone",
    "organization.company.website",
    "organization.name",
  ]);
  assert.deepEqual(log.storage, { d1: 0, kv: 0 });
});

test("unknown path: 404, logged without the path", async () => {
  const { log } = await refused(404, "GET", "/v2/canary-in-a-path?canary-in-a-query");
  assert.equal(log.route, "unmatched");
  assert.ok(!server.logs().some((line) => JSON.stringify(line).includes("canary")));
});

test("wrong method: 405 with Allow", async () => {
  const { headers } = await refused(405, "DELETE", "/v2/info");
  assert.match(headers.get("allow"), /GET/);
});

test("a body over 64 KiB: 413, announced or streamed; one just below is read", async () => {
  const sized = (bytes) => JSON.stringify({ ...signUp("size@example.com"), padding: "" }).padEnd(bytes, " ");
  await refused(413, "POST", "/v2/organizations", { body: sized(64 * 1024 + 1) });
  const stream = () => new Blob([sized(64 * 1024 + 1)]).stream();
  const response = await fetch(`${server.url}/v2/organizations`, {
    method: "POST",
    body: stream(),
    duplex: "half",
    headers: { "content-type": "application/json" },
  });
  assert.equal(response.status, 413);
  const below = await server.call("POST", "/v2/organizations", { body: sized(64 * 1024) });
  assert.notEqual(below.status, 413);
});

test("no credential, and forged or malformed tokens: 401 with WWW-Authenticate and without a storage call", async () => {
  const { json: owner } = await server.call("POST", "/v2/organizations", { json: signUp("forged@example.com") });
  const real = owner.access_token;
  const flipped = real.slice(0, -2) + (real.at(-2) === "A" ? "B" : "A") + real.at(-1);
  for (const token of [undefined, "dal:AAAA", "nonsense", flipped, real.slice(0, -1), real.replace("dal:", "fra:")]) {
    const { headers, log } = await refused(401, "GET", "/v2/accounts/me", { token });
    assert.match(headers.get("www-authenticate"), /^Bearer/);
    assert.deepEqual(log.storage, { d1: 0, kv: 0 });
  }
});

test("errors keep the caller's words to themselves", async () => {
  const { text } = await refused(404, "GET", "/v2/%3Ccanary%3E");
  assert.doesNotMatch(text, /canary/);
});
