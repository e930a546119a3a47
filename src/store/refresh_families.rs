//! Refresh families: one sign-in of one application, and everything that was refreshed from it.

use std::collections::BTreeSet;

use crate::domain::id::{AccountId, FamilyId, OrganizationId, SessionId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::grants::refresh_token::REPLAY_WINDOW;
use crate::ports::Statement;

use super::refresh_tokens::{Presented, presented};

/// What every family row begins with.
#[derive(Clone, Copy, Debug)]
pub struct NewFamily {
    /// Key.
    pub id: FamilyId,
    /// Begin.
    pub now: Timestamp,
    /// Absolute end, which no refresh moves.
    pub expires_at: Timestamp,
}

/// To whom it is given, and for what.
#[derive(Clone, Debug)]
pub struct Grant<'a> {
    /// The application.
    pub client_id: &'a str,
    /// The person.
    pub account: AccountId,
    /// The organization in which the person acts.
    pub organization: OrganizationId,
    /// The sign-in.
    pub session: SessionId,
    /// What was granted.
    pub scopes: &'a BTreeSet<String>,
}

/// Begins a family. Nothing is inserted unless client, session and membership are alive at that moment.
pub fn insert(family: &NewFamily, grant: &Grant<'_>) -> Statement {
    Statement::new(
        "INSERT INTO refresh_family (family_id, account_id, organization_id, client_id, session_id, scopes,
  account_epoch, membership_epoch, client_epoch, created_at, expires_at)
SELECT ?1, account.account_id, membership.organization_id, client.client_id, session.session_id,
  (SELECT json_group_array(value) FROM json_each(?6)), account.token_epoch, membership.token_epoch, client.token_epoch,
  ?7, ?8
FROM client
JOIN account ON account.account_id = ?3
JOIN membership ON membership.organization_id = ?4 AND membership.account_id = ?3 AND membership.suspended = 0
JOIN session ON session.session_id = ?5 AND session.account_id = ?3 AND session.account_epoch = account.token_epoch
  AND session.ended_at IS NULL
WHERE client.client_id = ?2",
    )
    .bind(family.id)
    .bind(grant.client_id)
    .bind(grant.account)
    .bind(grant.organization)
    .bind(grant.session)
    .bind(serde_json::json!(grant.scopes).to_string())
    .bind(family.now)
    .bind(family.expires_at)
}

/// Ends the oldest families of the new one's client and account, so that at most `kept` are left, the new one included.
pub fn revoke_oldest(new: FamilyId, kept: u64, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_family SET revoked_at = ?2 WHERE family_id IN (
  SELECT older.family_id FROM refresh_family AS new
  JOIN refresh_family AS older ON older.client_id = new.client_id AND older.account_id = new.account_id
    AND older.revoked_at IS NULL AND older.family_id <> new.family_id
  WHERE new.family_id = ?1
  ORDER BY older.created_at DESC LIMIT -1 OFFSET ?3)",
    )
    .bind(new)
    .bind(now)
    .bind(others(kept))
}

/// Ends the family of a refresh token that this client presents although it was replaced: reuse. Does nothing while the
/// token may still give its successor; see `oauth::grants::refresh_token`.
pub fn revoke_reused(token: &Presented<'_>) -> Statement {
    const SQL: &str = concat!(
        "UPDATE refresh_family SET revoked_at = ?5 WHERE family_id = (
  SELECT family_id FROM live_refresh WHERE ",
        presented!(),
        " AND used_at IS NOT NULL AND NOT (?3 IS NULL AND sealed_successor IS NOT NULL AND used_at + ?6 >= ?5))"
    );
    token.bind(Statement::new(SQL)).bind(REPLAY_WINDOW)
}

/// Whether a refresh token belongs to a family that was not revoked: one row or none.
pub fn find_unrevoked(token: &Digest) -> Statement {
    Statement::new(
        "SELECT family_id FROM refresh_token JOIN refresh_family USING (family_id)
WHERE token_digest = ?1 AND revoked_at IS NULL",
    )
    .bind(token)
}

/// Ends the family of a refresh token, whatever became of the token.
pub fn revoke_by_refresh_token(token: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_family SET revoked_at = ?2 WHERE revoked_at IS NULL
  AND family_id = (SELECT family_id FROM refresh_token WHERE token_digest = ?1)",
    )
    .bind(token)
    .bind(now)
}

/// Ends the family with which an access token is paired.
pub fn revoke_by_access_token(token: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_family SET revoked_at = ?2 WHERE revoked_at IS NULL
  AND family_id = (SELECT family_id FROM access_token WHERE token_digest = ?1)",
    )
    .bind(token)
    .bind(now)
}

/// Ends the families of one session of the caller's account; `None` is the caller's own session.
pub fn revoke_of_session(caller: &Digest, session: Option<SessionId>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_family SET revoked_at = ?3 WHERE revoked_at IS NULL AND session_id = (
  SELECT session.session_id FROM bearer AS caller
  JOIN session ON session.session_id = coalesce(?2, caller.session_id) AND session.account_id = caller.account_id
  WHERE caller.token_digest = ?1)",
    )
    .bind(caller)
    .bind(session)
    .bind(now)
}

/// Ends the families of every session of the caller's account that ended at `now`, in this batch.
pub fn revoke_of_ended_sessions(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_family SET revoked_at = ?2 WHERE revoked_at IS NULL AND session_id IN (
  SELECT session.session_id FROM bearer AS caller
  JOIN session ON session.account_id = caller.account_id AND session.ended_at = ?2
  WHERE caller.token_digest = ?1)",
    )
    .bind(caller)
    .bind(now)
}

/// Ends the families of one client for the caller's account in one organization.
pub fn revoke_of_member_and_client(
    caller: &Digest,
    organization: OrganizationId,
    client: &str,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "UPDATE refresh_family SET revoked_at = ?4 WHERE revoked_at IS NULL AND client_id = ?3 AND organization_id = ?2
  AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(organization)
    .bind(client)
    .bind(now)
}

/// How many others than the newest may stay.
pub(super) fn others(kept: u64) -> i64 {
    i64::try_from(kept.saturating_sub(1)).unwrap_or(i64::MAX)
}
