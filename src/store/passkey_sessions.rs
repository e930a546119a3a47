//! Sessions that a passkey begins. It proves possession and, because its user was verified, one thing more: such a session
//! is whole at once.

use super::browser_sessions::Cookies;
use crate::domain::id::{PasskeyId, SessionId};
use crate::domain::origin::Origin;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::sessions::Expiry;

/// Begins a session of the account of a passkey, which must be there still, unless [`renew`] gave these cookies to one just
/// before.
pub fn begin(
    session: SessionId,
    passkey: PasskeyId,
    cookies: Cookies<'_>,
    origin: &Origin,
    now: Timestamp,
    expiry: Expiry,
) -> Statement {
    Statement::new(
        "INSERT INTO session (session_id, account_id, account_epoch, cookie_digest, embedded_digest, identity_source,
  user_agent, ip, authenticated_at, mfa_pending, created_at, seen_at, idle_expires_at, expires_at)
SELECT ?1, account.account_id, account.token_epoch, ?3, ?4, 'credentials', ?5, ?6, ?7, 0, ?7, ?7, ?8, ?9
FROM passkey JOIN account ON account.account_id = passkey.account_id
WHERE passkey.passkey_id = ?2 AND NOT EXISTS (SELECT 1 FROM session WHERE cookie_digest = ?3)",
    )
    .bind(session)
    .bind(passkey)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(origin.user_agent.as_str())
    .bind(origin.ip.as_str())
    .bind(now)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}

/// The session of these cookies proves the person once more: same session, new cookies, old ones dead (row A19). Nothing
/// happens unless it is a live, whole one of the passkey's account.
pub fn renew(cookie: &Digest, passkey: PasskeyId, cookies: Cookies<'_>, now: Timestamp, expiry: Expiry) -> Statement {
    Statement::new(
        "UPDATE session SET cookie_digest = ?3, embedded_digest = ?4, authenticated_at = ?5, seen_at = ?5,
  idle_expires_at = ?6, expires_at = ?7
WHERE cookie_digest = ?1 AND ended_at IS NULL AND mfa_pending = 0 AND idle_expires_at > ?5 AND expires_at > ?5
  AND (account_id, account_epoch) = (SELECT account.account_id, account.token_epoch FROM passkey
    JOIN account ON account.account_id = passkey.account_id WHERE passkey.passkey_id = ?2)",
    )
    .bind(cookie)
    .bind(passkey)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(now)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}
