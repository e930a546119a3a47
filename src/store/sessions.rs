//! Sign-ins.

use crate::domain::id::{AccountId, SessionId};
use crate::domain::origin::Origin;
use crate::domain::time::Timestamp;
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
