// What `make dev` and `make serve-release` promise: kept data, instances side by side, a clean end.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { folder, openDatabase, serve, signUp } from "./harness.mjs";

test("data, tokens and an operator's catalogue edit outlive a restart, and the release build reads them too", async (t) => {
  const home = folder();
  const first = await serve({ home });
  t.after(() => first.stop());
  const { json: owner } = await first.call("POST", "/v2/organizations", { json: signUp("kept@example.com") });
  await first.stop();

  const database = openDatabase(first.state);
  const edit = database.prepare("UPDATE product SET launch_url = 'https://operator.example/' WHERE product = 'LiveChat'").run();
  assert.equal(edit.changes, 1);
  database.close();

  for (const target of ["dev", "serve-release"]) {
    await t.test(`make ${target}`, async (t) => {
      const server = await serve({ home, target });
      t.after(() => server.stop());
      const { status, json } = await server.call("GET", "/v2/accounts/me", { token: owner.access_token });
      assert.deepEqual([status, json.account_id], [200, owner.account_id]);
      await server.stop();
      const database = openDatabase(server.state);
      const row = database.prepare("SELECT launch_url FROM product WHERE product = 'LiveChat'").get();
      database.close();
      assert.equal(row.launch_url, "https://operator.example/");
    });
  }
});

test("secrets are generated once, differ, and only their owner may read them", async (t) => {
  const server = await serve();
  t.after(() => server.stop());
  const path = join(server.home, "dev.vars");
  const form = /^MASTER_SECRET="0:([\w-]{43})"\nPASSWORD_PEPPER="0:([\w-]{43})"\n$/;
  const [, master, pepper] = readFileSync(path, "utf8").match(form);
  assert.notEqual(master, pepper);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("two instances start at once and share nothing but the secrets", async (t) => {
  const vars = join(folder(), "dev.vars");
  const [one, other] = await Promise.all([1, 2].map(() => serve({ env: { DEV_VARS: vars } })));
  t.after(() => Promise.all([one.stop(), other.stop()]));
  assert.ok(existsSync(vars));
  const { json: owner } = await one.call("POST", "/v2/organizations", { json: signUp("one@example.com") });
  assert.equal((await one.call("GET", "/v2/accounts/me", { token: owner.access_token })).status, 200);
  assert.equal((await other.call("GET", "/v2/accounts/me", { token: owner.access_token })).status, 401);
  const again = await other.call("POST", "/v2/organizations", { json: signUp("one@example.com") });
  assert.equal(again.status, 200);
});

test("the API's description is sent compressed to whoever takes that, and whole to everybody", async (t) => {
  const server = await serve();
  t.after(() => server.stop());
  for (const [path, file] of [["/openapi.json", "docs/openapi.json"], ["/docs", "docs/reference.html"]]) {
    const kept = readFileSync(join(import.meta.dirname, "../..", file));
    for (const coding of ["gzip", "identity"]) {
      const [answer] = await once(get(server.url + path, { headers: { "accept-encoding": coding } }), "response");
      const body = Buffer.concat(await answer.toArray());
      assert.equal(answer.headers["content-encoding"] ?? "identity", coding, path);
      assert.ok((coding === "gzip" ? gunzipSync(body) : body).equals(kept), `${path} ${coding}`);
    }
  }
});

test("one ready line; SIGTERM to make ends everything; nobody answers afterwards", async () => {
  const server = await serve();
  assert.equal(server.lines.filter((line) => line.startsWith("ready")).length, 1);
  await server.stop();
  await assert.rejects(fetch(`${server.url}/health`));
});
