// The vendor's own Node client, unchanged, against this server: every one of its calls that this API has.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { serve, signUp } from "./harness.mjs";

const studio = createRequire(import.meta.url)("@livechat/developer-studio-api");

let server;
let api;
let auth;
let owner;
before(async () => {
  server = await serve();
  owner = (await server.call("POST", "/v2/organizations", { json: signUp("studio@example.com") })).json;
  auth = { token: owner.access_token };
  studio.initApi({ urls: { platform: { accounts: server.url }, products: {}, integrations: {} } }, {});
  api = studio.api.platform.accounts;
});
after(() => server?.stop());

/** Every call of the client, so that one that the tests below leave out is noticed. */
const called = new Set();
function client(group) {
  return new Proxy(api[group], {
    get(calls, name) {
      called.add(`${group}.${String(name)}`);
      return (...args) => calls[name](...args).then(({ data }) => data);
    },
  });
}

test("account: getAccounts, getAccount, getMeAccount", async () => {
  const account = client("account");
  const accounts = await account.getAccounts(auth);
  assert.deepEqual(accounts.map(({ account_id }) => account_id), [owner.account_id]);
  const me = await account.getMeAccount(auth);
  assert.equal(me.email, "studio@example.com");
  assert.deepEqual(await account.getAccount(owner.account_id, auth), me);
});

test("client: create, list, get, update, scopes, info, delete", async () => {
  const clients = client("client");
  const created = await clients.createClient(
    {
      name: "Studio app",
      type: "server_side_app",
      visibility: "private",
      redirect_uri: "https://app.example.com/a,https://app.example.com/b",
      scopes: [],
      configuration_uri: "https://app.example.com/configure",
    },
    auth,
  );
  assert.match(created.client_id, /^[0-9a-f]{32}$/);
  assert.ok(created.secret);
  assert.deepEqual((await clients.getClients(auth)).map(({ client_id }) => client_id), [created.client_id]);
  await clients.updateClient(created.client_id, { redirect_uri: "https://app.example.com/c", type: "javascript_app" }, auth);
  const scopes = [
    { scope: "accounts--my:ro", required: true },
    { scope: "accounts--all:ro", required: false },
  ];
  await clients.updateClientScopes(created.client_id, scopes, auth);
  const read = await clients.getClient(created.client_id, auth);
  assert.deepEqual([read.redirect_uri, read.type, read.secret], ["https://app.example.com/c", "javascript_app", undefined]);
  assert.deepEqual(read.scopes.map(({ scope }) => scope).sort(), ["accounts--all:ro", "accounts--my:ro"]);
  await clients.deleteClientScopes(created.client_id, [scopes[1]], auth);
  assert.deepEqual((await clients.getClient(created.client_id, auth)).scopes.map(({ scope }) => scope), ["accounts--my:ro"]);
  const info = await clients.getInfo(auth);
  assert.equal(info.organization_id, owner.organization.organization_id);
  await clients.deleteClient(created.client_id, auth);
  assert.deepEqual(await clients.getClients(auth), []);
});

test("organization: getOrganizations, getMyOrganization", async () => {
  const organization = client("organization");
  assert.deepEqual((await organization.getOrganizations(auth)).map(({ name }) => name), ["Acme"]);
  assert.equal((await organization.getMyOrganization(auth)).organization_id, owner.organization.organization_id);
});

test("products: updateOrganizationProducts, getOrganizationProducts", async () => {
  const products = client("products");
  await products.updateOrganizationProducts({ product: "LiveChat" }, auth);
  const [{ product, client_id }] = await products.getOrganizationProducts(auth);
  assert.equal(product, "LiveChat");
  assert.match(client_id, /^[0-9a-f]{32}$/);
});

test("pat: create, use, list, delete", async () => {
  const pat = client("pat");
  const created = await pat.createPersonalAccessToken("script", [{ name: "accounts--my:ro" }, { name: "" }], auth);
  assert.equal(created.scope, "accounts--my:ro");
  const basic = Buffer.from(`${owner.account_id}:${created.personal_token}`).toString("base64");
  const me = await server.call("GET", "/v2/accounts/me", { headers: { authorization: `Basic ${basic}` } });
  assert.equal(me.status, 200, me.text);
  const [listed] = await pat.getPersonalAccessTokens(auth);
  assert.deepEqual([listed.personal_token_id, listed.personal_token], [created.personal_token_id, undefined]);
  await pat.deletePersonalAccessToken(created.personal_token_id, auth);
  assert.deepEqual(await pat.getPersonalAccessTokens(auth), []);
  assert.equal((await server.call("GET", "/v2/accounts/me", { headers: { authorization: `Basic ${basic}` } })).status, 401);
});

test("scopes: getScopes, without a credential", async () => {
  const scopes = await client("scopes").getScopes();
  assert.ok(scopes.some(({ scope, description }) => scope === "accounts--my:rw" && description));
});

test("token: exchangeCode of an unknown code fails with the client's own typed error", async () => {
  const wrong = client("token").exchangeCode("dal:unknown", "0".repeat(32), "wrong", "https://app.example.com");
  await assert.rejects(wrong);
});

test("sessions: deleteSessions ends the token, and the client says so", async () => {
  await client("sessions").deleteSessions(auth);
  await assert.rejects(client("account").getMeAccount(auth), (error) => /unauthor/i.test(`${error.name} ${error.message} ${error.code}`));
});

test("no call of the client was left out", () => {
  const all = Object.entries(api).flatMap(([group, calls]) => Object.keys(calls).map((name) => `${group}.${name}`));
  assert.deepEqual(all.filter((name) => !called.has(name)), []);
  console.log(`studio-api calls exercised: ${[...called].sort().join(", ")}`);
});
