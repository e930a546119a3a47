//! Sign-ins.

use crate::domain::id::{AccountId, SessionId};
use crate::domain::origin::Origin;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// When a session ends by itself.
#[derive(Clone, Copy, Debug)]
pub struct Expiry {
    /// Unless it is used before.
    pub idle: Timestamp,
    /// Whatever happens.
    pub absolute: Timestamp,
}

/// A session that began by proving a password and has no browser.
pub fn insert(session: SessionId, account: AccountId, origin: &Origin, now: Timestamp, expiry: Expiry) -> Statement {
    Statement::new(
        "INSERT INTO session (session_id, account_id, account_epoch, identity_source, user_agent, ip, authenticated_at,
  created_at, seen_at, idle_expires_at, expires_at)
SELECT ?1, account_id, token_epoch, 'credentials', ?3, ?4, ?5, ?5, ?5, ?6, ?7 FROM account WHERE account_id = ?2",
    )
    .bind(session)
    .bind(account)
    .bind(origin.user_agent.as_str())
    .bind(origin.ip.as_str())
    .bind(now)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}

/// Ends every session of an account that has not ended yet.
pub fn end_all(account: AccountId, now: Timestamp) -> Statement {
    Statement::new("UPDATE session SET ended_at = ?2 WHERE account_id = ?1 AND ended_at IS NULL")
        .bind(account)
        .bind(now)
}

/// A session that began with a personal token: it has no browser, proved no factor, and ends with the one token that it
/// is for. What belongs to it is refused where a personal token is (`authorization::refusal::PERSONAL`).
pub fn insert_for_caller(
    caller: &Digest,
    session: SessionId,
    origin: &Origin,
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO session (session_id, account_id, account_epoch, identity_source, user_agent, ip, authenticated_at,
  created_at, seen_at, idle_expires_at, expires_at)
SELECT ?2, account.account_id, account.token_epoch, 'token', ?3, ?4, 0, ?5, ?5, ?6, ?6
FROM live_caller JOIN account ON account.account_id = live_caller.account_id
WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(session)
    .bind(origin.user_agent.as_str())
    .bind(origin.ip.as_str())
    .bind(now)
    .bind(expires_at)
}
