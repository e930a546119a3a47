// Rows for the pages to work on, put into a database of the stand-in as the service would have written them.
import { randomBytes } from "node:crypto";

const ROLES = { owner: "728b99be-848c-11ea-9b91-005056a00001", member: "728b99be-848c-11ea-9b91-005056a00002" };

/** An id that begins with its time, as all of the service's. */
export function id(at = Date.now()) {
  const time = at.toString(16).padStart(12, "0");
  const rest = randomBytes(9).toString("hex");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6)}`;
}

/** `insert(database, { table: rows })`, a row as an object. */
export function insert(database, tables) {
  for (const [table, rows] of Object.entries(tables)) {
    for (const row of [rows].flat()) {
      const values = Object.values(row).map((value) => (value === null ? "NULL" : typeof value === "number" ? value : `'${value.replaceAll("'", "''")}'`));
      database.execute(`INSERT INTO ${table} (${Object.keys(row)}) VALUES (${values})`);
    }
  }
}

/** Somebody with an organization of their own, or a member of that of another. */
export function person(database, name, of) {
  const now = Date.now();
  const [account_id, organization_id] = [id(), of?.organization_id ?? id()];
  const made = { created_at: now, updated_at: now };
  insert(database, {
    account: { account_id, email: `${name}@example.com`, email_key: `${name}@example.com`, name, ...made },
    organization: of ? [] : { organization_id, name, ...made },
    membership: { account_id, organization_id, ...made },
    membership_role: { account_id, organization_id, role_id: of ? ROLES.member : ROLES.owner, product: "Accounts", type: "primary", created_at: now },
  });
  return { account_id, organization_id };
}

/** A row of the log, of now. */
export function logged(database, action, { account_id, organization_id }, target_kind, target_id) {
  insert(database, {
    audit_log: { audit_id: id(), at: Date.now(), action, organization_id, actor_kind: "account", actor_id: account_id, target_kind, target_id, request_id: id() },
  });
}

/** Password under the pepper `AA` or `AQ`, authenticator app, passkey, recovery code, browser, personal token. */
export function credentials(database, { account_id, organization_id }, { pepper = "AA", seal = "0", created_at = Date.now() } = {}) {
  const passkey_id = id();
  const later = Date.now() + 86_400_000;
  insert(database, {
    password: { account_id, phc: `$argon2id$v=19$m=1,t=1,p=1,keyid=${pepper}$c2FsdA$aGFzaA`, set_at: created_at },
    totp: { account_id, sealed_secret: `${seal}:c2VhbGVk`, confirmed_at: created_at, created_at },
    passkey: { passkey_id, account_id, credential_id: passkey_id, public_key: "", algorithm: -7, name: "telephone", created_at },
    recovery_code: { account_id, code_digest: id(), created_at },
    session: { session_id: id(), account_id, account_epoch: 0, identity_source: "credentials", authenticated_at: created_at, created_at, seen_at: created_at, idle_expires_at: later, expires_at: later },
    personal_token: { personal_token_id: id(), token_digest: id(), account_id, organization_id, name: `script of ${created_at}`, scopes: "[]", personal_token_epoch: 0, membership_epoch: 0, created_at },
  });
  return { passkey_id };
}
