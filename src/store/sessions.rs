//! Sign-ins.

use std::time::Duration;

use serde::Deserialize;

use super::{flag, json, refuse_unless};
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

/// As [`end_all`], but for the session of a cookie.
pub fn end_others(account: AccountId, cookie: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET ended_at = ?2 WHERE account_id = ?1 AND ended_at IS NULL AND cookie_digest IS NOT ?3",
    )
    .bind(account)
    .bind(now)
    .bind(cookie)
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
FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id
WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(session)
    .bind(origin.user_agent.as_str())
    .bind(origin.ip.as_str())
    .bind(now)
    .bind(expires_at)
}

/// A live session of the caller.
#[derive(Debug, Deserialize)]
pub struct SessionRow {
    /// Whose.
    pub account_id: AccountId,
    /// Key.
    pub session_id: SessionId,
    /// Whether the caller's own token belongs to it.
    #[serde(deserialize_with = "flag")]
    pub current: bool,
    /// Of the sign-in.
    pub user_agent: String,
    /// How the person proved who they are.
    pub identity_source: String,
    /// Of the sign-in.
    pub ip: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When a page was last asked for in it, to [`USE_PRECISION`].
    pub seen_at: Timestamp,
    /// Where it was used.
    #[serde(deserialize_with = "json")]
    pub applications: Vec<ApplicationOfSession>,
}

/// An application that a session was used for.
#[derive(Debug, Deserialize)]
pub struct ApplicationOfSession {
    /// As its owner named it.
    pub name: String,
    /// Key.
    pub client_id: String,
}

/// The live sessions of the caller's account, in every organization, the oldest first.
///
/// A session is alive until it is ended. One whose own time is over is listed for as long as tokens live in it, because
/// its end is theirs (design: browser-session expiry ends no token). A sign-in whose second step is missing is none yet.
pub fn list_for_caller(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT session.account_id, session.session_id, session.session_id = caller.session_id AS current,
  session.user_agent, session.identity_source, session.ip, session.created_at, session.seen_at,
  (SELECT json_group_array(json_object('name', name, 'client_id', client_id)) FROM (
     SELECT client.name, client.client_id FROM session_application
     JOIN client ON client.client_id = session_application.client_id
     WHERE session_application.session_id = session.session_id
     ORDER BY session_application.client_id)) AS applications
FROM bearer AS caller
JOIN account ON account.account_id = caller.account_id
JOIN session ON session.account_id = caller.account_id AND session.ended_at IS NULL
  AND session.account_epoch = account.token_epoch AND session.mfa_pending = 0
WHERE caller.token_digest = ?1 AND (
  session.expires_at > ?2 AND session.idle_expires_at > ?2
  OR EXISTS (SELECT 1 FROM access_token WHERE access_token.session_id = session.session_id
    AND access_token.expires_at > ?2)
  OR EXISTS (SELECT 1 FROM refresh_family WHERE refresh_family.session_id = session.session_id
    AND refresh_family.revoked_at IS NULL AND refresh_family.expires_at > ?2))
ORDER BY session.session_id",
    )
    .bind(caller)
    .bind(now)
}

/// Stops the batch as `name` unless the caller's account has this session and it was not ended.
pub fn refuse_unless_own(caller: &Digest, session: SessionId, name: &str) -> Statement {
    refuse_unless(
        name,
        "EXISTS (SELECT 1 FROM bearer AS caller JOIN session ON session.account_id = caller.account_id
    WHERE caller.token_digest = ?1 AND session.session_id = ?2 AND session.ended_at IS NULL)",
    )
    .bind(caller)
    .bind(session)
}

/// How exactly the last use of a browser's session is known: a use within this time of the noted one writes nothing.
pub const USE_PRECISION: Duration = Duration::from_mins(5);

/// Stops the batch as `name` unless the session of a cookie is within its time, of which only storage knows the idle one.
pub fn refuse_idle(cookie: &Digest, now: Timestamp, name: &str) -> Statement {
    refuse_unless(
        name,
        "EXISTS (SELECT 1 FROM session WHERE cookie_digest = ?1 AND idle_expires_at > ?2 AND expires_at > ?2)",
    )
    .bind(cookie)
    .bind(now)
}

/// Notes that the session of a cookie is being used, and moves its idle end, unless a use within [`USE_PRECISION`] is
/// noted.
pub fn note_use(cookie: &Digest, now: Timestamp, idle_expires_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET seen_at = ?2, idle_expires_at = min(expires_at, ?3)
WHERE cookie_digest = ?1 AND ended_at IS NULL AND seen_at <= ?2 - ?4",
    )
    .bind(cookie)
    .bind(now)
    .bind(idle_expires_at)
    .bind(USE_PRECISION)
}

/// Ends one session of the caller's account; `None` is the caller's own session.
pub fn end(caller: &Digest, session: Option<SessionId>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET ended_at = ?3 WHERE ended_at IS NULL
  AND session_id = (SELECT coalesce(?2, session_id) FROM bearer WHERE token_digest = ?1)
  AND account_id = (SELECT account_id FROM bearer WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(session)
    .bind(now)
}

/// Ends every session of the caller's account, the caller's own too.
pub fn end_all_of_caller(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET ended_at = ?2 WHERE ended_at IS NULL
  AND account_id = (SELECT account_id FROM bearer WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(now)
}

/// Stops the batch as `name` unless a person proved a factor in the caller's own session less than `fresh` ago.
pub fn refuse_stale(caller: &Digest, now: Timestamp, fresh: Duration, name: &str) -> Statement {
    let proved =
        "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN session ON session.session_id = caller.session_id
  WHERE caller.token_digest = ?1 AND session.identity_source <> 'token' AND session.mfa_pending = 0
    AND session.authenticated_at > ?2 - ?3)";
    refuse_unless(name, proved).bind(caller).bind(now).bind(fresh)
}
