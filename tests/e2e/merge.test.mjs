// Two organizations become one on the real runtime: many at once, and a large one in one transaction.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDatabase, serve, signUp } from "./harness.mjs";

const TIMES = 20;
const ROUNDS = Number(process.env.RACE_ROUNDS ?? 3);
const CROWD = 10_000;
const LIMIT = { timeout: 300_000 };
const OWNER = "728b99be-848c-11ea-9b91-005056a00001";
const MEMBER = "728b99be-848c-11ea-9b91-005056a00002";

let server;
before(async () => {
  server = await serve();
});
after(() => server?.stop());

/** Reads or writes the database behind the service's back. */
function database(work) {
  const open = openDatabase(server.state);
  try {
    open.exec("PRAGMA busy_timeout = 10000");
    return work(open);
  } finally {
    open.close();
  }
}
const one = (sql, ...values) => database((open) => Object.values(open.prepare(sql).get(...values))[0]);

let number = 0;
/** An organization whose owner has a verified address and signed in just now. */
async function organization() {
  const email = `owner${(number += 1)}@merge.example`;
  const { status, json, text } = await server.call("POST", "/v2/organizations", { json: signUp(email) });
  assert.equal(status, 200, text);
  database((open) => open.prepare("UPDATE account SET email_verified = 1 WHERE account_id = ?").run(json.account_id));
  return { id: json.organization.organization_id, token: json.access_token, owner: json.account_id };
}

async function asked(staying, source) {
  const body = { source_organization_id: source.id };
  const { status, json, text } = await server.call("POST", "/v2/organizations/my/merges", { token: staying.token, json: body });
  assert.equal(status, 201, text);
  return `/v2/organizations/${staying.id}/merges/${json.merge_id}`;
}

const approval = (source, path) => server.call("POST", `${path}/approve`, { token: source.token, json: {} });
const count = (answers, status) => answers.filter((answer) => answer.status === status).length;

/** What must hold of every organization, whatever happened. */
function invariants() {
  const broken = {
    owners: `SELECT count(*) FROM organization WHERE 1 <> (SELECT count(*) FROM membership_role
      WHERE membership_role.organization_id = organization.organization_id AND role_id = '${OWNER}')`,
    primary: `SELECT count(*) FROM membership WHERE 1 <> (SELECT count(*) FROM membership_role AS held
      WHERE held.organization_id = membership.organization_id AND held.account_id = membership.account_id
        AND held.type = 'primary')`,
    homeless: "SELECT count(*) FROM account WHERE account_id NOT IN (SELECT account_id FROM membership)",
    hanging: "SELECT count(*) FROM pragma_foreign_key_check",
    alive: `SELECT count(*) FROM organization_merge JOIN organization
      ON organization.organization_id = organization_merge.source_organization_id WHERE state = 'done'`,
    tokens: `SELECT count(*) FROM access_token WHERE organization_id IN (
      SELECT source_organization_id FROM organization_merge WHERE state = 'done')`,
  };
  for (const [name, sql] of Object.entries(broken)) assert.equal(one(sql), 0, name);
}

test(`${TIMES} approvals at once: one merge`, LIMIT, async (t) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [staying, source] = [await organization(), await organization()];
    const path = await asked(staying, source);
    const answers = await Promise.all(Array.from({ length: TIMES }, () => approval(source, path)));
    t.diagnostic(`200: ${count(answers, 200)}, 401: ${count(answers, 401)}`);
    assert.deepEqual([count(answers, 200), count(answers, 401)], [1, TIMES - 1]);
    invariants();
    assert.equal(one("SELECT count(*) FROM audit_log WHERE action = 'organization.merge' AND organization_id = ?", staying.id), 1);
    assert.equal(one("SELECT count(*) FROM membership WHERE organization_id = ?", staying.id), 2);
  }
});

test("r1: an approval, withdrawals and a transfer at once: one of them wins, one owner is left", LIMIT, async (t) => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const [staying, source] = [await organization(), await organization()];
    const role = [{ product: "Accounts", role: "administrator" }];
    const heir = await server.call("POST", "/v2/accounts", { token: source.token, json: { email: `heir${(number += 1)}@merge.example`, roles: role } });
    assert.equal(heir.status, 201, heir.text);
    const path = await asked(staying, source);
    const transfer = server.call("POST", "/v2/organizations/my/ownership", { token: source.token, json: { account_id: heir.json.account_id } });
    const calls = [transfer, approval(source, path)];
    for (let at = 2; at < TIMES; at += 1) calls.push(server.call("DELETE", path, { token: at % 2 ? source.token : staying.token }));
    const [transferred, approved, ...withdrawn] = await Promise.all(calls);
    const states = [transferred.status, approved.status, count(withdrawn, 200)];
    t.diagnostic(states.join(" "));
    assert.equal((approved.status === 200) + count(withdrawn, 200), 1, states.join(" "));
    assert.ok(!(approved.status === 200 && transferred.status === 200), states.join(" "));
    assert.ok([transferred, approved, ...withdrawn].every(({ status }) => status < 500), states.join(" "));
    invariants();
  }
});

test(`${CROWD} accounts move in one transaction`, LIMIT, async (t) => {
  const [staying, source] = [await organization(), await organization()];
  database((open) => {
    open.exec("BEGIN");
    const account = open.prepare("INSERT INTO account (account_id, email, email_key, name, default_organization_id, created_at, updated_at) VALUES (?1, ?2, ?2, 'Some Body', ?3, 1, 1)");
    const membership = open.prepare("INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES (?, ?, 1, 1)");
    const role = open.prepare(`INSERT INTO membership_role VALUES (?, ?, '${MEMBER}', 'Accounts', 'primary', 1)`);
    for (let at = 0; at < CROWD; at += 1) {
      const id = `0190aaaa-0000-7000-8000-${String(at).padStart(12, "0")}`;
      account.run(id, `p${at}@crowd.example`, source.id);
      membership.run(source.id, id);
      role.run(source.id, id);
    }
    open.exec("COMMIT");
  });
  await sleep(1_000); // nothing was read meanwhile: connections that the server has closed are noticed now
  const path = await asked(staying, source);
  const began = performance.now();
  const answer = await approval(source, path);
  const seconds = (performance.now() - began) / 1000;
  assert.equal(answer.status, 200, answer.text);
  t.diagnostic(`${seconds.toFixed(1)} s`);
  assert.ok(seconds < 30, `${seconds} s: D1 allows 30`);
  assert.equal(one("SELECT count(*) FROM membership WHERE organization_id = ?", staying.id), CROWD + 2);
  assert.equal(one("SELECT count(*) FROM account WHERE default_organization_id = ?", source.id), 0);
  assert.equal(one("SELECT count(*) FROM audit_log WHERE action = 'account.merge' AND organization_id = ?", staying.id), CROWD + 1);
  invariants();
});
