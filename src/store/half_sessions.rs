//! Sessions whose second step is missing: right password, and nothing else proven yet (row M1).
//!
//! They open nothing: every other statement that reads a session by its cookie demands `mfa_pending = 0`, or ends it.

use serde::Deserialize;

use super::browser_sessions::Cookies;
use super::{flag, refuse_unless};
use crate::domain::id::{AccountId, SessionId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::sessions::Expiry;

/// Name with which [`refuse_over`] refuses.
pub const OVER: &str = "half_session_over";

/// A session that waits for its second step, and by which means the account can take it.
#[derive(Clone, Debug, Deserialize)]
pub struct HalfSessionRow {
    /// The sign-in.
    pub session_id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// As the person wrote it.
    pub email: String,
    /// When it ends unless the step is taken.
    pub expires_at: Timestamp,
    /// The sealed secret of codes by time, if there is one.
    pub sealed_secret: Option<String>,
    /// Up to which step their codes were used.
    pub last_step: Option<i64>,
    /// Whether the account has a passkey.
    #[serde(deserialize_with = "flag")]
    pub passkey: bool,
    /// Whether the account has a recovery code left.
    #[serde(deserialize_with = "flag")]
    pub recovery_code: bool,
}

impl HalfSessionRow {
    /// Whether the step can be taken at all; else only another sign-in leads on.
    pub fn can_be_completed(&self) -> bool {
        self.sealed_secret.is_some() || self.passkey || self.recovery_code
    }
}

/// Condition: the half session of the cookie `?1` at `?2`.
macro_rules! half_session {
    () => {
        "session.cookie_digest = ?1 AND session.ended_at IS NULL AND session.mfa_pending = 1 AND session.expires_at > ?2"
    };
}
pub(super) use half_session;

/// The half session of a cookie: one row, or none when it is over, or whole.
pub fn find(cookie: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "SELECT session.session_id, session.account_id, account.email, session.expires_at, totp.sealed_secret, totp.last_step,
  EXISTS (SELECT 1 FROM passkey WHERE passkey.account_id = session.account_id) AS passkey,
  EXISTS (SELECT 1 FROM recovery_code WHERE recovery_code.account_id = session.account_id
    AND recovery_code.used_at IS NULL) AS recovery_code
FROM session JOIN account ON account.account_id = session.account_id AND account.token_epoch = session.account_epoch
LEFT JOIN totp ON totp.account_id = session.account_id AND totp.confirmed_at IS NOT NULL
WHERE ",
        half_session!()
    ))
    .bind(cookie)
    .bind(now)
}

/// The second step is taken: the session is whole, with new cookies; the old one opens nothing (row A19).
pub fn complete(cookie: &Digest, cookies: Cookies<'_>, now: Timestamp, expiry: Expiry) -> Statement {
    Statement::new(concat!(
        "UPDATE session SET mfa_pending = 0, cookie_digest = ?3, embedded_digest = ?4, authenticated_at = ?2, seen_at = ?2,
  idle_expires_at = ?5, expires_at = ?6
WHERE ",
        half_session!(),
        " AND account_epoch = (SELECT account.token_epoch FROM account WHERE account.account_id = session.account_id)"
    ))
    .bind(cookie)
    .bind(now)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}

/// Stops the batch unless [`complete`] has just found the session.
pub fn refuse_over() -> Statement {
    refuse_unless(OVER, "changes() > 0")
}
