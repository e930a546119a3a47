// The pages on changing secrets, command by command as they stand, with the pinned wrangler against a stand-in of Cloudflare's
// API. Only example dates and numbers are replaced by those at hand. What a stand-in cannot show: docs/operations/README.md.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, test } from "node:test";
import { Operator, rows } from "./cloudflare/operator.mjs";
import { fill, page } from "./cloudflare/pages.mjs";
import { credentials, person } from "./cloudflare/planted.mjs";

const secret = (number) => `${number}:${randomBytes(32).toString("base64url")}`;
const ROTATE = "docs/operations/rotate-secrets.md";

let operator, master, pepper, old, fresh;
beforeEach(async () => {
  [master, pepper] = [secret(0), secret(0)];
  operator = await Operator.deployed({ MASTER_SECRET: master, PASSWORD_PEPPER: pepper });
  // One person from before the change, one from after it.
  old = person(operator.database, "old");
  credentials(operator.database, old, { created_at: Date.parse("2026-01-30") });
  fresh = person(operator.database, "fresh");
  credentials(operator.database, fresh, { seal: "1", pepper: "AQ", created_at: Date.now() });
});
afterEach(() => operator.stop());

/** The text that the page's own command has made. */
async function made() {
  const text = (await operator.run('printf %s "$new"')).trim();
  assert.match(text, /^1:[\w-]{43}$/);
  return text;
}

test("the master secret goes through its stages", async () => {
  const steps = page("docs/key-rotation.md").filter(({ shell }) => shell);
  const next = () => operator.run(steps.shift().shell);
  await operator.run(`old='${master}'`);

  await next();
  const changed = await made();
  await next();
  assert.deepEqual(operator.secrets, { MASTER_SECRET: master, PASSWORD_PEPPER: pepper, MASTER_SECRET_PREVIOUS: changed }, "stage 1");
  const versions = operator.script.versions.length;
  await next();
  assert.deepEqual(operator.secrets, { MASTER_SECRET: changed, PASSWORD_PEPPER: pepper, MASTER_SECRET_PREVIOUS: master }, "stage 2");
  assert.equal(operator.script.versions.length, versions + 1, "in one call");

  const accounts = async () => rows(await next()).map(({ account_id }) => account_id);
  assert.deepEqual(await accounts(), [old.account_id], "personal tokens of before");
  assert.deepEqual(await accounts(), [old.account_id], "authenticator apps under the old secret");

  await next();
  assert.deepEqual(operator.secrets, { MASTER_SECRET: changed, PASSWORD_PEPPER: pepper }, "stage 3");
  assert.deepEqual(steps, []);
  assert.deepEqual(operator.cloud.strays, []);
});

test("what still stands under the old master secret is counted", async () => {
  const [apps, codes] = page(ROTATE).filter(({ heading, sql }) => heading === "The master secret" && sql);
  assert.deepEqual(await operator.sql(apps.sql), [{ "count(*)": 1 }]);
  const today = new Date().toISOString().slice(0, 10);
  assert.deepEqual(await operator.sql(fill(codes.sql, { "2026-11-22": today })), [{ "count(DISTINCT account_id)": 1 }]);
});

test("the pepper is changed, and passwords under the old one are taken away before it", async () => {
  const steps = page(ROTATE).filter(({ heading }) => heading === "The pepper");
  const shell = () => operator.run(steps.shift().shell);
  await operator.run(`old='${pepper}'`);

  await shell();
  const changed = await made();
  const versions = operator.script.versions.length;
  await shell();
  assert.deepEqual(operator.secrets, { MASTER_SECRET: master, PASSWORD_PEPPER: changed, PASSWORD_PEPPER_PREVIOUS: pepper });
  assert.equal(operator.script.versions.length, versions + 1, "in one call");

  const counted = [{ pepper: "AA", passwords: 1 }, { pepper: "AQ", passwords: 1 }];
  assert.deepEqual(await operator.sql(steps.shift().sql), counted);
  await operator.sql(steps.shift().sql);
  assert.deepEqual(operator.rows("SELECT account_id FROM password"), [{ account_id: fresh.account_id }]);
  await shell();
  assert.deepEqual(operator.secrets, { MASTER_SECRET: master, PASSWORD_PEPPER: changed });
  assert.deepEqual(steps, []);
});
