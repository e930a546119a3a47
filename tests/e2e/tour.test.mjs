// The first five minutes of a new user, on workerd with local D1 and KV.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { PASSWORD, filesBelow, openDatabase, serve, signUp } from "./harness.mjs";

let server;
let owner;
before(async () => {
  server = await serve();
});
after(() => server?.stop());

test("an organization, its owner and a token come from one call without any credential", async () => {
  const { status, json, headers } = await server.call("POST", "/v2/organizations", { json: signUp("john@example.com") });
  assert.equal(status, 200, JSON.stringify(json));
  assert.match(json.account_id, UUID);
  assert.match(json.organization.organization_id, UUID);
  assert.match(json.access_token, /^dal:/);
  assert.ok(json.roles.some(({ product, role }) => product === "Accounts" && role === "owner"), JSON.stringify(json.roles));
  assert.match(headers.get("cache-control") ?? "", /no-store/);
  owner = json;
});

test("the token reads its own account, by `me` and by id", async () => {
  const me = await server.call("GET", "/v2/accounts/me", { token: owner.access_token });
  assert.equal(me.status, 200, me.text);
  assert.equal(me.json.account_id, owner.account_id);
  assert.equal(me.json.email, "john@example.com");
  const byId = await server.call("GET", `/v2/accounts/${owner.account_id}`, { token: owner.access_token });
  assert.deepEqual([byId.status, byId.json], [200, me.json]);
});

test("the token lists the accounts of its organization", async () => {
  const { status, json } = await server.call("GET", "/v2/accounts", { token: owner.access_token });
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual(json.map(({ account_id }) => account_id), [owner.account_id]);
});

test("the token tells about itself", async () => {
  const { status, json } = await server.call("GET", "/v2/info", { token: owner.access_token });
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal(json.account_id, owner.account_id);
  assert.equal(json.organization_id, owner.organization.organization_id);
});

test("an e-mail address is registered once", async () => {
  const { status, json } = await server.call("POST", "/v2/organizations", { json: signUp("John@Example.com") });
  assert.equal(status, 409, JSON.stringify(json));
});

test("health names the version, the schema and what is reachable, and nothing else", async () => {
  const { status, json } = await server.call("GET", "/health");
  assert.equal(status, 200);
  assert.deepEqual(Object.keys(json).sort(), ["cache", "database", "schema_version", "version"]);
  assert.deepEqual([json.database, json.cache], ["ok", "ok"]);
  assert.match(json.version, /^\d+\.\d+\.\d+/);
  assert.ok(json.schema_version >= 1);
});

test("localhost answers like 127.0.0.1", async () => {
  const response = await fetch(`http://localhost:${server.port}/health`);
  assert.equal(response.status, 200);
});

test("every request leaves one log line with route template, status, duration and storage calls", async () => {
  const { status, headers } = await server.call("GET", `/v2/accounts/${owner.account_id}`, { token: owner.access_token });
  assert.equal(status, 200);
  const line = server.logs().findLast(({ route }) => route?.startsWith("/v2/accounts/"));
  assert.ok(line, server.lines.join("\n"));
  assert.match(line.route, /^\/v2\/accounts\/\{.+\}$/);
  assert.deepEqual([line.method, line.status, line.storage], ["GET", 200, { d1: 1, kv: 0 }]);
  assert.match(line.request_id, UUID);
  assert.equal(typeof line.duration_ms, "number");
  assert.ok(headers);
});

test("no token, password or e-mail address is ever logged", () => {
  const printed = server.lines.join("\n");
  for (const secret of [owner.access_token, PASSWORD, "john@example.com"]) {
    assert.ok(!printed.includes(secret), `${secret} was printed`);
  }
});

test("the README's tour, pasted as it stands", { timeout: 60_000 }, async () => {
  const readme = readFileSync("README.md", "utf8");
  const tour = readme.match(/## A tour in five minutes[^]*?```sh\n([^]*?)```/)[1].replace("http://127.0.0.1:8787", server.url);
  assert.ok(tour.includes(server.url));
  const { stdout, stderr } = await promisify(execFile)("bash", ["-c", tour], { timeout: 50_000 });
  assert.equal(stderr, "");
  const told = stdout.split("\n").filter((line) => line.startsWith("{") || line.startsWith("["));
  const [token] = told.map((line) => JSON.parse(line)).filter(({ refresh_token, token_type }) => refresh_token && token_type);
  assert.deepEqual([token?.scope, token?.expires_in, token?.token_type], ["accounts--my:rw", 28_800, "Bearer"], stdout);
  assert.match(stdout, /^http:\/\/localhost:3000\/callback\?code=dal%3A[\w-]+&state=xyz$/m);
  assert.equal(JSON.parse(told.at(-1)).error, "unauthorized", "the last call is refused");
});

test("the password is kept as an Argon2id PHC string, and neither it nor the token is in any file", async () => {
  const database = openDatabase(server.state);
  const rows = database.prepare("SELECT * FROM password").all();
  database.close();
  assert.ok(rows.length > 0);
  for (const row of rows) {
    assert.ok(Object.values(row).some((value) => String(value).startsWith("$argon2id$v=19$m=19456,t=2,p=1")), JSON.stringify(row));
  }

  await server.stop(); // everything is on disk now
  const files = filesBelow(server.state);
  assert.ok(files.length > 0);
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const secret of [PASSWORD, owner.access_token, owner.access_token.slice("dal:".length)]) {
      assert.ok(!bytes.includes(secret), `${secret} is in ${file}`);
    }
  }
});

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
