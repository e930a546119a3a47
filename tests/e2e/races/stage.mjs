// Organizations with people in them, written into the local database behind the service's back, and what is read there
// afterwards. Every race gets people and organizations of its own.
import { randomBytes } from "node:crypto";
import { openDatabase } from "../harness.mjs";
import { Mint, digest } from "./mint.mjs";

export const OWNER = "728b99be-848c-11ea-9b91-005056a00001";
export const ADMINISTRATOR = "728b99be-848c-11ea-9b91-005056a007e9";
export const MEMBER = "728b99be-848c-11ea-9b91-005056a00002";
const DAY = 24 * 60 * 60 * 1000;

/** A UUID of version 7. */
function uuid() {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export class Stage {
  #mint;
  #people = 0;

  constructor(server) {
    this.server = server;
    this.#mint = new Mint(server.home);
    this.database = openDatabase(server.state);
    this.database.exec("PRAGMA busy_timeout = 10000; PRAGMA foreign_keys = ON");
  }

  all = (sql, ...values) => this.database.prepare(sql).all(...values);
  /** The first value of the first row. */
  value = (sql, ...values) => Object.values(this.database.prepare(sql).get(...values) ?? {})[0];
  count = (from, ...values) => this.value(`SELECT count(*) FROM ${from}`, ...values);

  /** Several rows as one transaction, so that the service waits once. */
  #write(work) {
    this.database.exec("BEGIN IMMEDIATE");
    try {
      const made = work();
      this.database.exec("COMMIT");
      return made;
    } catch (error) {
      this.database.exec("ROLLBACK");
      throw error;
    }
  }

  insert(table, row) {
    const names = Object.keys(row);
    this.database.prepare(`INSERT INTO ${table} (${names}) VALUES (${names.map(() => "?")})`).run(...Object.values(row));
  }

  /** An organization with an owner, so many administrators and members, and these products. */
  organization({ administrators = 1, members = 1, products = [] } = {}) {
    return this.#write(() => {
      const [id, now] = [uuid(), Date.now()];
      this.insert("organization", { organization_id: id, name: "Acme", created_at: now, updated_at: now });
      for (const product of products) this.insert("organization_product", { organization_id: id, product, created_at: now });
      const hire = (number, role) => Array.from({ length: number }, () => this.#hire(id, role));
      const [owner] = hire(1, OWNER);
      return { id, owner, administrators: hire(administrators, ADMINISTRATOR), members: hire(members, MEMBER) };
    });
  }

  #hire(organization, role) {
    const [account, now] = [uuid(), Date.now()];
    const email = `person.${process.pid}.${(this.#people += 1)}@races.example`;
    this.insert("account", { account_id: account, email, email_key: email, email_verified: 1, created_at: now, updated_at: now });
    this.insert("membership", { organization_id: organization, account_id: account, created_at: now, updated_at: now });
    this.give(organization, account, role);
    return { account, email, organization, ...this.signIn(account, organization) };
  }

  give(organization, account, role) {
    const held = this.database.prepare("SELECT role_id, product, type FROM role WHERE role_id = ?").get(role);
    this.insert("membership_role", { organization_id: organization, account_id: account, ...held, created_at: Date.now() });
  }

  /** A fresh sign-in with an access token of every scope there is: the roles alone limit it. */
  signIn(account, organization) {
    const [session, now] = [uuid(), Date.now()];
    const end = now + DAY;
    const token = this.#mint.token("access", end);
    this.insert("session", {
      session_id: session, account_id: account, account_epoch: 0, identity_source: "credentials", authenticated_at: now,
      created_at: now, seen_at: now, idle_expires_at: end, expires_at: end,
    });
    this.insert("access_token", {
      token_digest: token.digest, account_id: account, organization_id: organization, session_id: session,
      scopes: this.value("SELECT json_group_array(scope) FROM scope"),
      account_epoch: 0, membership_epoch: 0, created_at: now, expires_at: end,
    });
    return { session, token: token.text };
  }

  /** A public application of `organization`. */
  application(organization) {
    const [client_id, now] = [randomBytes(16).toString("hex"), Date.now()];
    this.insert("client", {
      client_id, organization_id: organization, name: "App", type: "javascript_app", visibility: "public",
      created_at: now, updated_at: now,
    });
    return client_id;
  }

  /** A refresh token that the application has for this person. */
  refreshToken(client_id, { account, organization, session }) {
    const [family_id, now] = [uuid(), Date.now()];
    const end = now + DAY;
    const token = this.#mint.token("refresh", end);
    this.insert("refresh_family", {
      family_id, account_id: account, organization_id: organization, client_id, session_id: session,
      scopes: '["accounts--my:ro"]', account_epoch: 0, membership_epoch: 0, client_epoch: 0, created_at: now, expires_at: end,
    });
    this.insert("refresh_token", { token_digest: token.digest, family_id, created_at: now, expires_at: end });
    return token.text;
  }

  /** A domain that the organization has proven. */
  domain(organization, domain) {
    const [domain_id, now] = [uuid(), Date.now()];
    this.insert("organization_domain", {
      domain_id, organization_id: organization, domain, challenge: "x", proven_at: now, proven_by: "dns", created_at: now,
    });
  }

  /** Path of an invitation's link and the token in it. */
  link(invitation) {
    const row = this.database.prepare("SELECT * FROM mail_token WHERE invitation_id = ?").get(invitation);
    const { text: token, digest: derived } = this.#mint.invitation(row);
    if (derived !== row.token_digest) throw new Error("not the link of this row");
    return { path: `/invitation?${new URLSearchParams({ token })}`, token };
  }

  ownerOf = (organization) =>
    this.value("SELECT account_id FROM membership_role WHERE organization_id = ? AND role_id = ?", organization, OWNER);

  /** `Product/role` of everything that a member holds, in order; empty for who is no member. */
  rolesOf = (organization, account) =>
    this.all(
      `SELECT held.product || '/' || role.role AS name FROM membership_role AS held JOIN role USING (role_id)
       WHERE held.organization_id = ? AND held.account_id = ? ORDER BY name`,
      organization, account,
    ).map(({ name }) => name).join(",");

  audited = (organization, action) => this.count("audit_log WHERE organization_id = ? AND action = ?", organization, action);

  close() {
    this.database.close();
  }
}

export { digest };
