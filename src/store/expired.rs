//! Rows whose time is over. They have no effect any more; removing them only keeps the tables small.

use crate::domain::time::Timestamp;
use crate::ports::Statement;

/// Rows that one statement removes at most.
pub const AT_ONCE: i64 = 500;

/// Table, its key, and the column after which a row is of no use.
const TABLES: [(&str, &str, &str); 10] = [
    ("access_token", "token_digest", "expires_at"),
    ("refresh_token", "token_digest", "expires_at"),
    ("refresh_family", "family_id", "expires_at"),
    ("authorization_code", "code_digest", "expires_at"),
    ("authorization_request", "request_digest", "expires_at"),
    ("webauthn_challenge", "challenge_digest", "expires_at"),
    ("invitation", "invitation_id", "expires_at"),
    ("mail_token", "mail_token_id", "expires_at"),
    ("email_change", "email_change_id", "expires_at"),
    ("throttle", "bucket", "expires_at"),
];

/// Removes expired rows, the oldest first, at most [`AT_ONCE`] per table: one statement a table.
pub fn remove(now: Timestamp) -> Vec<Statement> {
    let statement = |(table, key, column): &(&str, &str, &str)| {
        Statement::new(format!(
            "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE {column} <= ?1 ORDER BY {column} LIMIT ?2)"
        ))
        .bind(now)
        .bind(AT_ONCE)
    };
    TABLES.iter().map(statement).collect()
}

/// Of the first [`AT_ONCE`] sessions that expired after `from`, removes those in which no token lives any more. The
/// others stay, and are looked at again; so each run looks at another part, and how many stay does not slow it down.
pub fn remove_sessions(from: Timestamp, now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM session WHERE session_id IN (
  SELECT session_id FROM (
    SELECT session_id FROM session WHERE expires_at > ?1 AND expires_at <= ?2 ORDER BY expires_at LIMIT ?3) AS expired
  WHERE NOT EXISTS (SELECT 1 FROM access_token WHERE access_token.session_id = expired.session_id)
    AND NOT EXISTS (SELECT 1 FROM refresh_family WHERE refresh_family.session_id = expired.session_id))",
    )
    .bind(from)
    .bind(now)
    .bind(AT_ONCE)
}

/// Removes browsers that have not signed in to their account for so long that they are not known any more.
pub fn remove_known_devices(now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM known_device WHERE (account_id, device_digest) IN (
  SELECT account_id, device_digest FROM known_device WHERE expires_at <= ?1 ORDER BY expires_at LIMIT ?2)",
    )
    .bind(now)
    .bind(AT_ONCE)
}

/// Removes mails that were given up before `before`.
pub fn remove_dead_mails(before: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM outbox WHERE outbox_id IN (
  SELECT outbox_id FROM outbox WHERE dead_at < ?1 ORDER BY dead_at LIMIT ?2)",
    )
    .bind(before)
    .bind(AT_ONCE)
}

/// Removes merges that could not be approved any more at `before` and were not. Those that were done stay.
pub fn remove_merges(before: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM organization_merge WHERE merge_id IN (
  SELECT merge_id FROM organization_merge WHERE expires_at <= ?1 AND state <> 'done' ORDER BY expires_at LIMIT ?2)",
    )
    .bind(before)
    .bind(AT_ONCE)
}

/// Removes personal values of audit entries older than `before`.
pub fn remove_audit_details(before: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM audit_detail WHERE audit_id IN (
  SELECT audit_id FROM audit_detail WHERE at < ?1 ORDER BY at LIMIT ?2)",
    )
    .bind(before)
    .bind(AT_ONCE)
}
