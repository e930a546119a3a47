// What is true of the whole database at every moment, whoever won. Each question counts what must not be there.
import assert from "node:assert/strict";
import { OWNER } from "./stage.mjs";

const orphans = (table) =>
  `SELECT count(*) FROM ${table} AS held WHERE NOT EXISTS (SELECT 1 FROM membership AS m
     WHERE m.organization_id = held.organization_id AND m.account_id = held.account_id)`;
const doubled = (table, columns, where = "1") =>
  `SELECT count(*) FROM (SELECT 1 FROM ${table} WHERE ${where} GROUP BY ${columns} HAVING count(*) > 1)`;

const INVARIANTS = {
  "one owner an organization": `SELECT count(*) FROM organization AS o WHERE 1 <> (SELECT count(*) FROM membership_role AS held
     WHERE held.organization_id = o.organization_id AND held.role_id = '${OWNER}')`,
  "one primary role a member": `SELECT count(*) FROM membership AS m WHERE 1 <> (SELECT count(*) FROM membership_role AS held
     WHERE held.organization_id = m.organization_id AND held.account_id = m.account_id AND held.type = 'primary')`,
  "one secondary role a product": doubled("membership_role", "organization_id, account_id, product", "type = 'secondary'"),
  "one instance a product": doubled("organization_product", "organization_id, product"),
  "one account an address": doubled("account", "email_key"),
  "one open invitation an address and product": doubled(
    "invitation", "organization_id, email_key, product", "state IN ('pending', 'approved')"),
  "one open merge a pair": doubled("organization_merge", "organization_id, source_organization_id", "state = 'pending'"),
  "one domain a name": doubled("organization_domain", "organization_id, domain"),
  "roles of enabled products only": `SELECT count(*) FROM membership_role AS held WHERE product <> 'Accounts' AND NOT EXISTS (
     SELECT 1 FROM organization_product AS had WHERE had.organization_id = held.organization_id AND had.product = held.product)`,
  "own roles only": `SELECT count(*) FROM membership_role AS held JOIN role USING (role_id)
     WHERE role.organization_id <> held.organization_id`,
  "no role without its row": `SELECT count(*) FROM membership_role WHERE role_id NOT IN (SELECT role_id FROM role)`,
  "no account without a membership": `SELECT count(*) FROM account WHERE account_id NOT IN (SELECT account_id FROM membership)`,
  "no live credential of who is no member": orphans("live_caller"),
  "no live refresh token of who is no member": orphans("live_refresh"),
  "no access token of who is no member": orphans("access_token"),
  "no personal token of who is no member": orphans("personal_token"),
  "no picture of who is no member": orphans("member_avatar"),
  "no suspension of who is no member": orphans("product_suspension"),
  "no foreign key hangs": "SELECT count(*) FROM pragma_foreign_key_check",
  // What a merge moves has a row each, and the merge itself the details. Who is gone has none.
  "every change has its details": `SELECT count(*) FROM audit_log WHERE audit_id NOT IN (SELECT audit_id FROM audit_detail)
     AND actor_kind = 'account' AND (action NOT LIKE '%.merge' OR action = 'organization.merge')
     AND actor_id IN (SELECT account_id FROM account) AND target_kind <> 'invitation'
     AND (target_kind <> 'account' OR target_id IN (SELECT account_id FROM account))`,
  "no details of who is gone": `SELECT count(*) FROM audit_detail JOIN audit_log USING (audit_id)
     WHERE actor_id NOT IN (SELECT account_id FROM account)
     OR target_kind = 'account' AND target_id NOT IN (SELECT account_id FROM account)`,
};

export function holdInvariants(stage) {
  const broken = Object.entries(INVARIANTS).filter(([, sql]) => stage.value(sql) !== 0);
  assert.deepEqual(broken.map(([name]) => name), []);
}

/** Tables that may still name an organization that has ended: its history, and what lives for minutes. */
const MAY_REMEMBER = [
  "audit_log", "organization_merge", "outbox", "authorization_request", "authorization_code", "operator_command",
];

/** Nothing of an organization is left but its history. */
export function holdGone(stage, organization) {
  const tables = stage
    .all("SELECT m.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c ON c.name = 'organization_id' WHERE m.type IN ('table', 'view')")
    .map(({ name }) => name)
    .filter((name) => !MAY_REMEMBER.includes(name));
  const left = tables.filter((table) => stage.count(`${table} WHERE organization_id = ?`, organization) > 0);
  assert.deepEqual(left, []);
  const named = ["default_organization_id"].filter((name) => stage.count(`account WHERE ${name} = ?`, organization) > 0);
  assert.deepEqual(named, []);
}
