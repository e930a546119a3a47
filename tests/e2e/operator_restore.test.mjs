// The page on restoring, command by command as it stands, with the pinned wrangler against a stand-in of Cloudflare's API whose
// Time Travel is real copies of a real SQLite file. Replaced are the moment, the ids and the bookmark of its examples.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Operator } from "./cloudflare/operator.mjs";
import { fill, inline, page } from "./cloudflare/pages.mjs";
import { credentials, id, insert, logged, person } from "./cloudflare/planted.mjs";

const PAGE = "docs/operations/restore.md";
const ACCOUNT = "018bcfe5-6800-7b77-a51e-8b550182b3df";
const steps = page(PAGE);
const said = (part, kind) => steps.filter((step) => step.heading.startsWith(part) && step[kind]).map((step) => step[kind]);
const sentence = (words) => inline(PAGE).find((command) => command.includes(words));

const secret = `0:${randomBytes(32).toString("base64url")}`;
let operator, moment, kept, erased, ended, passkey;

before(async () => {
  operator = await Operator.deployed({ MASTER_SECRET: secret, PASSWORD_PEPPER: "0:pepper" });
  const { database } = operator;
  [kept, ended] = ["kept", "ended"].map((name) => person(database, name));
  erased = person(database, "erased", kept);
  passkey = credentials(database, kept).passkey_id;
  // Somebody has changed the address of another; it is taken back after the moment.
  const change = { email_change_id: id(), account_id: kept.account_id, old_email: "kept@example.com", old_email_key: "kept@example.com", old_verified: 1 };
  insert(database, { email_change: { ...change, new_email: "thief@example.com", new_email_key: "thief@example.com", created_at: 1, applied_at: 2, undo_until: 3, expires_at: 3 } });
  database.execute(`UPDATE account SET email = 'thief@example.com', email_key = 'thief@example.com' WHERE account_id = '${kept.account_id}'`);
  logged(database, "account.set_password", kept, "account", kept.account_id); // before the moment: is not among what is to be done again

  await sleep(1000 - (Date.now() % 1000));
  moment = new Date(Math.floor(Date.now() / 1000) * 1000).toISOString().replace(".000", "");
  await sleep(50);
  logged(database, "account.erase", erased, "account", erased.account_id);
  database.execute(`DELETE FROM account WHERE account_id = '${erased.account_id}'`);
  logged(database, "organization.delete", ended, "organization", ended.organization_id);
  database.execute(`DELETE FROM organization WHERE organization_id = '${ended.organization_id}'; DELETE FROM account WHERE account_id = '${ended.account_id}'`);
  logged(database, "account.undo_email_change", kept, "account", kept.account_id);
  database.execute(`UPDATE session SET ended_at = 1; DELETE FROM password; DELETE FROM totp; DELETE FROM passkey; DELETE FROM recovery_code`);
  logged(database, "account.update", kept, "account", kept.account_id); // needs nothing
  await sleep(1000 - (Date.now() % 1000));
});
after(() => operator.stop());

const accounts = () => operator.rows("SELECT name FROM account ORDER BY name").map(({ name }) => name);
const count = (table) => operator.rows(`SELECT count(*) AS n FROM ${table}`)[0].n;

test("1: the service stops, the bookmark is printed, and what happened since is saved", async () => {
  const [stop, info, save] = said("1.", "shell");
  await operator.run(stop);
  assert.deepEqual(operator.secrets, { PASSWORD_PEPPER: "0:pepper" });

  const here = operator.database.bookmark(null);
  assert.ok((await operator.run(info)).includes(`'${here}'`));

  operator.write("since.sql", fill(said("1.", "sql")[0], { "2026-11-22 10:00:00": moment.replace("T", " ").replace("Z", "") }));
  await operator.run(save);
  const [{ results }] = JSON.parse(operator.read("since.json"));
  assert.deepEqual(results.map(({ action, target_id }) => [action, target_id]), [
    ["account.erase", erased.account_id],
    ["organization.delete", ended.organization_id],
    ["account.undo_email_change", kept.account_id],
  ]);
});

test("2: the database goes back to the moment, forward to the bookmark, and back again", async () => {
  const command = fill(said("2.", "shell")[0], { "2026-11-22T10:00:00Z": moment });
  const now = operator.database.bookmark(null);
  assert.deepEqual(accounts(), ["kept"]);
  const printed = await operator.run(command);
  const there = printed.match(/previous bookmark: (\S+)/)[1];
  assert.equal(there, now, "the printed bookmark is that of before");
  assert.deepEqual(accounts(), ["ended", "erased", "kept"]);
  assert.equal(count("session WHERE ended_at IS NULL"), 1, "what was ended is alive again");

  await operator.run(fill(sentence("--bookmark"), { "...": there }));
  assert.deepEqual(accounts(), ["kept"]);
  assert.equal(count("session WHERE ended_at IS NULL"), 0);

  await operator.run(command);
  assert.deepEqual(accounts(), ["ended", "erased", "kept"]);
  assert.match(await operator.run(sentence("migrations apply")), /No migrations to apply/);
});

test("3: what the restore has undone is done again, and the secret is back to the letter", async () => {
  const values = {
    "018bcfe5-6800-7623-be28-ec2c93b220ca": ended.organization_id,
    "018bcfe5-6800-7d3c-8f4a-1b2c3d4e5f60": passkey,
  };
  for (const sql of said("3.", "sql")) {
    const whose = sql.startsWith("DELETE FROM account WHERE account_id") ? erased : kept;
    const examples = Object.fromEntries(Object.entries({ ...values, [ACCOUNT]: whose.account_id }).filter(([example]) => sql.includes(example)));
    await operator.sql(fill(sql, examples));
  }
  assert.deepEqual(accounts(), ["kept"]);
  assert.deepEqual(operator.rows("SELECT email, email_verified, token_epoch, personal_token_epoch, mfa FROM account"), [
    { email: "kept@example.com", email_verified: 1, token_epoch: 1, personal_token_epoch: 1, mfa: 0 },
  ]);
  for (const gone of ["session WHERE ended_at IS NULL", "password", "passkey", "totp", "recovery_code"]) assert.equal(count(gone), 0, gone);

  await operator.run(`old='${secret}'`);
  for (const block of said("3.", "shell")) await operator.commands(block);
  assert.ok(operator.secrets.MASTER_SECRET === secret, "the secret is what it was");
  assert.deepEqual(operator.cloud.strays, []);
});

test("in a terminal it asks: Enter alone restores nothing, y does", async () => {
  const command = fill(sentence("--bookmark"), { "...": operator.database.states[0].bookmark });
  const states = operator.database.states.length;
  assert.match(await operator.terminal(command, ["proceed", "\r"]), /proceed/);
  assert.equal(operator.database.states.length, states);
  await operator.terminal(command, ["proceed", "y"]);
  assert.equal(operator.database.states.length, states + 1);
  assert.equal(operator.rows("SELECT count(*) AS n FROM sqlite_master")[0].n, 0, "the state before the first migration");
});
