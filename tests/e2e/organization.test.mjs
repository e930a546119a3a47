// What an organization's life needs of the platform: blobs in D1, a question to another service, a catalogue file
// loaded beside a running Worker, and a deletion that cascades.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openDatabase, serve, signUp } from "./harness.mjs";
import { nameService } from "./name_service.mjs";

const FILE = "docs/catalogue/newsletter.json";
const SETTINGS = "/v2/accounts/me/organization_settings/my";
const LARGEST = 1_048_576;

let server;
let owner;
let dns;
before(async () => {
  dns = await nameService();
  server = await serve({ env: { DNS_URL: dns.url } });
  owner = (await server.call("POST", "/v2/organizations", { json: signUp("john@acme.example") })).json;
});
after(async () => {
  await server?.stop();
  dns?.stop();
});

const asOwner = (method, path, json) => server.call(method, path, { token: owner.access_token, json });

/** A PNG header with so many bytes behind it. */
function picture(bytes) {
  const png = Buffer.alloc(bytes, "0123456789abcdef");
  Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "latin1").copy(png);
  png.writeUInt32BE(512, 16);
  png.writeUInt32BE(512, 20);
  return png;
}

async function upload(bytes) {
  const body = new FormData();
  body.append("avatar", new Blob([bytes], { type: "image/png" }), "me.png");
  const response = await fetch(server.url + SETTINGS, {
    method: "PATCH",
    headers: { authorization: `Bearer ${owner.access_token}`, connection: "close" },
    body,
  });
  return { status: response.status, json: await response.json() };
}

/** The status given to an upload that announces so many bytes and has sent none of them. */
async function announce(bytes) {
  const headers = {
    authorization: `Bearer ${owner.access_token}`,
    "content-type": "multipart/form-data; boundary=picture",
    "content-length": bytes,
  };
  const upload = request(server.url + SETTINGS, { method: "PATCH", headers, agent: false });
  upload.flushHeaders();
  const [response] = await once(upload, "response");
  upload.on("error", () => {}).destroy(); // the rest is never sent
  return response.statusCode;
}

test("a picture of the largest size comes back as it was, in a sandbox", async () => {
  const bytes = picture(LARGEST);
  const { status, json } = await upload(bytes);
  assert.equal(status, 200, JSON.stringify(json));
  const { pathname } = new URL(json.avatar_url);
  const response = await fetch(server.url + pathname);
  assert.equal(response.status, 200);
  assert.ok(Buffer.from(await response.arrayBuffer()).equals(bytes), "every byte");
  const header = (name) => response.headers.get(name);
  assert.deepEqual(
    ["content-type", "x-content-type-options", "content-security-policy", "cache-control"].map(header),
    ["image/png", "nosniff", "default-src 'none'; sandbox", "public, max-age=31536000, immutable"],
  );
  const me = await asOwner("GET", "/v2/accounts/me");
  assert.equal(me.json.avatar_url, json.avatar_url);
  assert.equal((await upload(picture(LARGEST + 1))).status, 422);
  assert.equal(await announce(1_200_000), 413);
});

test("a domain is proven by its DNS record, and only by an answer of the service that is configured", async () => {
  const added = await asOwner("POST", "/v2/organizations/my/domains", { domain: "acme.example" });
  assert.equal(added.status, 201, added.text);
  const { domain_id, proof } = added.json;
  const prove = () => asOwner("POST", `/v2/organizations/my/domains/${domain_id}/proof`, {});
  const says = (status, body, headers = {}) => (response) => response.writeHead(status, headers).end(body);
  const record = (text) => JSON.stringify({ Status: 0, Answer: [{ name: proof.name, type: 16, TTL: 60, data: `"${text}"` }] });

  const elsewhere = createServer((_, response) => says(200, record(proof.value))(response)).listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  let visits = 0;
  elsewhere.on("request", () => visits++);
  dns.answer = says(302, "", { location: `http://127.0.0.1:${elsewhere.address().port}/` });
  assert.equal((await prove()).status, 503, "a redirect is no answer");
  elsewhere.close();
  assert.equal(visits, 0, "and is not followed");

  dns.answer = says(200, record(proof.value).padEnd(70_000));
  assert.equal((await prove()).status, 503, "too large");
  dns.answer = () => {};
  const began = Date.now();
  assert.equal((await prove()).status, 503, "silent");
  assert.ok(Date.now() - began < 10_000, `${Date.now() - began} ms`);
  dns.answer = says(200, record("something else"));
  assert.equal((await prove()).status, 409);
  dns.answer = says(200, record(proof.value));
  const proven = await prove();
  assert.equal(proven.status, 200, proven.text);
  assert.ok(proven.json.proven_at);
  for (const { path, name, type, headers } of dns.asked) {
    assert.deepEqual([path, name, type], ["/dns-query", "_accounts-challenge.acme.example", "TXT"]);
    assert.equal(headers.accept, "application/dns-json");
    assert.ok(!headers.authorization && !headers.cookie, "nothing of the caller goes out");
  }
});

/** scripts/catalogue.mjs on the database of the running server. */
async function catalogue(...args) {
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  return promisify(execFile)("node", ["scripts/catalogue.mjs", ...args, "--state", server.state], { env }).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  );
}

test("a catalogue file adds a product beside the running service", { timeout: 300_000 }, async () => {
  const enable = () => asOwner("POST", "/v2/organizations/my/products", { product: "Newsletter" });
  assert.equal((await enable()).status, 422, "there is no such product");
  const first = await catalogue("apply", FILE);
  assert.equal(first.code, 0, first.said);
  assert.match(first.said, /^adds {5}product Newsletter$/m);
  assert.match(first.said, /^loaded$/m);
  assert.equal((await enable()).status, 200);
  const me = await asOwner("GET", "/v2/accounts/me");
  assert.ok(me.json.roles.some(({ product, role }) => product === "Newsletter" && role === "administrator"), me.text);
  assert.equal((await catalogue("apply", FILE)).said, "nothing to do\n");

  const database = openDatabase(server.state);
  database.exec("UPDATE role SET rank = 12 WHERE product = 'Newsletter' AND role = 'editor'");
  const rank = () => database.prepare("SELECT rank FROM role WHERE product = 'Newsletter' AND role = 'editor'").get().rank;
  const kept = await catalogue("apply", FILE);
  assert.match(kept.said, /^keeps {4}role Newsletter\/editor: rank is 12, the file says 10$/m);
  assert.equal(rank(), 12);
  const overwritten = await catalogue("apply", FILE, "--overwrite");
  assert.match(overwritten.said, /^changes {2}role Newsletter\/editor: rank is 12, the file says 10$/m);
  assert.equal(rank(), 10);
  database.close();

  const unknown = join(server.home, "unknown.json");
  writeFileSync(unknown, JSON.stringify({
    products: [{ product: "Other", roles: [{ role_id: "5d0a7f6e-3c1b-4e0f-9a55-7b1f0c2d4e09", role: "user", rank: 10, scopes: ["other:rw"] }] }],
  }));
  const refused = await catalogue("apply", unknown);
  assert.equal(refused.code, 1);
  assert.match(refused.said, /^refused: role Other\/user: there is no scope other:rw$/m);
  assert.doesNotMatch(refused.said, / at .*mjs/, "no stack");

  const inUse = await catalogue("remove", FILE);
  assert.match(inUse.said, /^refused: product Newsletter: organizations have it/m);
  assert.equal((await asOwner("DELETE", "/v2/organizations/my/products/Newsletter")).status, 200);
  const removed = await catalogue("remove", FILE);
  assert.equal(removed.said, "removed: Newsletter\n");
  assert.equal((await enable()).status, 422);
  assert.match((await catalogue("apply", FILE)).said, /^loaded$/m);
});

test("an organization ends with everything of it", async () => {
  const { organization_id } = owner.organization;
  const other = await asOwner("DELETE", "/v2/organizations/my", { organization_id: "00000000-0000-7000-8000-000000000000" });
  assert.equal(other.status, 422, other.text);
  const gone = await asOwner("DELETE", "/v2/organizations/my", { organization_id, password: "BG0SaleEBL" });
  assert.deepEqual([gone.status, gone.json], [200, {}], gone.text);
  assert.equal((await asOwner("GET", "/v2/accounts/me")).status, 401);
  const database = openDatabase(server.state);
  const left = ["organization", "account", "membership", "access_token", "session", "member_avatar", "organization_domain"]
    .map((table) => [table, database.prepare(`SELECT count(*) AS rows FROM ${table}`).get().rows])
    .filter(([, rows]) => rows > 0);
  database.close();
  assert.deepEqual(left, []);
  const again = await server.call("POST", "/v2/organizations", { json: signUp("john@acme.example") });
  assert.equal(again.status, 200, "the address is free");
});
