// A strict client that knows nothing of this service, and many of them at once.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import * as oauth from "oauth4webapi";
import { PASSWORD, folder, openDatabase, serve, signUp } from "./harness.mjs";
import { Visitor } from "./visitor.mjs";

const EMAIL = "strict@example.com";
const REDIRECT_URI = "https://app.example.com/callback";
const TIMES = 20;
const LIMIT = { timeout: 60_000 };
const loopback = { [oauth.allowInsecureRequests]: true };

let server;
let owner;
let as;
before(async () => {
  server = await serve();
  owner = (await server.call("POST", "/v2/organizations", { json: signUp(EMAIL) })).json;
  as = { issuer: server.url, authorization_endpoint: `${server.url}/`, token_endpoint: `${server.url}/v2/token` };
});
after(() => server?.stop());

async function register(type) {
  const json = { name: "Strict", type, redirect_uri: REDIRECT_URI, scopes: ["accounts--my:rw"] };
  const { status, json: client, text } = await server.call("POST", "/v2/clients", { token: owner.access_token, json });
  assert.equal(status, 201, text);
  return client;
}

/** An authorization request with everything that a careful client sends, up to the validated answer. */
async function authorized(client_id) {
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const request = { client_id, redirect_uri: REDIRECT_URI, response_type: "code", state, code_challenge, code_challenge_method: "S256" };
  const location = await new Visitor(server.url).authorize({ ...request, scope: "accounts--my:rw" }, EMAIL);
  return { verifier, answer: oauth.validateAuthResponse(as, { client_id }, location, state) };
}

const exchange = (client, auth, { answer, verifier }) =>
  oauth.authorizationCodeGrantRequest(as, client, auth, answer, REDIRECT_URI, verifier, loopback);

const works = async (token) => (await server.call("GET", "/v2/accounts/me", { token })).status;

for (const [type, methods] of [
  ["javascript_app", { none: () => oauth.None() }],
  ["server_side_app", { client_secret_basic: oauth.ClientSecretBasic, client_secret_post: oauth.ClientSecretPost }],
]) {
  for (const [method, authentication] of Object.entries(methods)) {
    test(`${method}: code, PKCE S256, refresh, replay`, LIMIT, async () => {
      const registered = await register(type);
      const client = { client_id: registered.client_id };
      const auth = authentication(registered.secret);
      const given = await authorized(client.client_id);

      const tokens = await oauth.processAuthorizationCodeResponse(as, client, await exchange(client, auth, given));
      assert.deepEqual([tokens.token_type, tokens.expires_in, tokens.scope], ["bearer", 28_800, "accounts--my:rw"]);
      const me = await oauth.protectedResourceRequest(tokens.access_token, "GET", new URL(`${server.url}/v2/accounts/me`), undefined, undefined, loopback);
      assert.equal((await me.json()).account_id, owner.account_id);

      const response = await oauth.refreshTokenGrantRequest(as, client, auth, tokens.refresh_token, loopback);
      const refreshed = await oauth.processRefreshTokenResponse(as, client, response);
      assert.notEqual(refreshed.access_token, tokens.access_token);
      assert.equal(refreshed.refresh_token !== tokens.refresh_token, type === "javascript_app", "public clients rotate");
      assert.equal(await works(refreshed.access_token), 200);

      const replayed = await exchange(client, auth, given);
      assert.equal(replayed.status, 401);
      assert.equal((await replayed.json()).error, "invalid_grant");
      for (const token of [tokens.access_token, refreshed.access_token]) assert.equal(await works(token), 401);
      for (const token of [tokens.refresh_token, refreshed.refresh_token]) {
        const refused = await oauth.refreshTokenGrantRequest(as, client, auth, token, loopback);
        assert.equal(refused.status, 401, "what the code gave is dead");
      }
    });
  }
}

test("a wrong verifier, or another redirect URI, gives nothing and leaves the code unused", LIMIT, async () => {
  const { client_id } = await register("javascript_app");
  const given = await authorized(client_id);
  const wrong = await exchange({ client_id }, oauth.None(), { ...given, verifier: oauth.generateRandomCodeVerifier() });
  assert.equal(wrong.status, 401);
  const elsewhere = await oauth.authorizationCodeGrantRequest(
    as, { client_id }, oauth.None(), given.answer, `${REDIRECT_URI}/x`, given.verifier, loopback);
  assert.equal(elsewhere.status, 401);
  assert.equal((await exchange({ client_id }, oauth.None(), given)).status, 200);
});

/** A fresh code as the parameters of its exchange. */
async function code(client_id) {
  const verifier = randomBytes(32).toString("base64url");
  const code_challenge = createHash("sha256").update(verifier).digest("base64url");
  const request = { client_id, redirect_uri: REDIRECT_URI, response_type: "code", code_challenge, code_challenge_method: "S256" };
  const location = await new Visitor(server.url).authorize(request, EMAIL);
  const { searchParams } = location;
  return { grant_type: "authorization_code", client_id, redirect_uri: REDIRECT_URI, code: searchParams.get("code"), code_verifier: verifier };
}

const token = (json) => server.call("POST", "/v2/token", { json });
const atOnce = (json) => Promise.all(Array.from({ length: TIMES }, () => token(json)));
const count = (answers, status) => answers.filter((answer) => answer.status === status).length;

/** Live families, tokens of them that are not yet used, and access tokens. */
function live(client_id) {
  const database = openDatabase(server.state);
  const families = "refresh_family WHERE revoked_at IS NULL AND client_id = :client";
  const one = (sql) => Object.values(database.prepare(sql).get({ client: client_id }))[0];
  const found = [
    one(`SELECT count(*) FROM ${families}`),
    one(`SELECT count(*) FROM refresh_token WHERE used_at IS NULL AND family_id IN (SELECT family_id FROM ${families})`),
    one("SELECT count(*) FROM access_token WHERE client_id = :client"),
  ];
  database.close();
  return found;
}

test(`r5: one code, ${TIMES} at once: one answer, and its tokens are dead`, LIMIT, async (t) => {
  const { client_id } = await register("javascript_app");
  const answers = await atOnce(await code(client_id));
  assert.deepEqual([count(answers, 200), count(answers, 401)], [1, TIMES - 1]);
  t.diagnostic(`200: ${count(answers, 200)}, 401: ${count(answers, 401)}`);
  assert.deepEqual([...new Set(answers.filter(({ status }) => status === 401).map(({ json }) => json.error))], ["invalid_grant"]);
  const { json } = answers.find(({ status }) => status === 200);
  assert.equal(await works(json.access_token), 401);
  assert.equal((await token({ grant_type: "refresh_token", client_id, refresh_token: json.refresh_token })).status, 401);
  assert.deepEqual(live(client_id), [0, 0, 0]);
});

test(`r6: one refresh token, ${TIMES} at once: one successor, one live chain; reuse after the window ends it`, LIMIT, async (t) => {
  const { client_id } = await register("javascript_app");
  const first = (await token(await code(client_id))).json;
  const refresh = (refresh_token) => ({ grant_type: "refresh_token", client_id, refresh_token });
  const answers = await atOnce(refresh(first.refresh_token));
  const given = answers.filter(({ status }) => status === 200).map(({ json }) => json);
  t.diagnostic(`200: ${given.length}, 401: ${count(answers, 401)}`);
  assert.deepEqual([given.length > 0, given.length + count(answers, 401)], [true, TIMES]);
  const pairs = new Set(given.map((json) => `${json.access_token} ${json.refresh_token}`));
  assert.equal(pairs.size, 1, "every 200 carries the same pair");
  assert.deepEqual(live(client_id).slice(0, 2), [1, 1]);
  assert.equal(await works(given[0].access_token), 200);

  await sleep(10_500);
  assert.equal((await token(refresh(first.refresh_token))).status, 401, "after the window it is reuse");
  assert.equal(live(client_id)[0], 0);
  assert.equal(await works(given[0].access_token), 401);
  assert.equal((await token(refresh(given[0].refresh_token))).status, 401);
});

test("r6: within the window, reuse after the successor was used ends the family", LIMIT, async () => {
  const { client_id } = await register("javascript_app");
  const first = (await token(await code(client_id))).json;
  const refresh = (refresh_token) => ({ grant_type: "refresh_token", client_id, refresh_token });
  const second = (await token(refresh(first.refresh_token))).json;
  const third = (await token(refresh(second.refresh_token))).json;
  assert.equal(await works(third.access_token), 200);
  const answers = await atOnce(refresh(first.refresh_token));
  assert.equal(count(answers, 401), TIMES);
  assert.equal(await works(third.access_token), 401);
  assert.deepEqual(live(client_id).slice(0, 2), [0, 0]);
});

test(`e4: of ${TIMES} wrong passwords at once five are looked at`, { timeout: 120_000 }, async (t) => {
  const home = folder();
  const secret = () => `0:${randomBytes(32).toString("base64url")}`;
  const settings = { MASTER_SECRET: secret(), PASSWORD_PEPPER: secret(), PASSWORD_ATTEMPTS: 5 };
  writeFileSync(join(home, "dev.vars"), Object.entries(settings).map(([name, value]) => `${name}="${value}"\n`).join(""));
  const limited = await serve({ home, env: { LIMITS: "production" } });
  try {
    assert.equal((await limited.call("POST", "/v2/organizations", { json: signUp(EMAIL) })).status, 200);
    const visitor = new Visitor(limited.url);
    const form = await visitor.get("/signin");
    const guess = (password) => visitor.post("/signin", form, { email: EMAIL, password });
    const answers = await Promise.all(Array.from({ length: TIMES }, (_, at) => guess(`wrong password ${at}`)));
    t.diagnostic(`401: ${count(answers, 401)}, 429: ${count(answers, 429)}`);
    assert.deepEqual([count(answers, 401), count(answers, 429)], [5, TIMES - 5]);
    assert.equal((await guess(PASSWORD)).status, 429, "not even the right one");
  } finally {
    await limited.stop();
  }
});
