//! Access tokens: issue, introspection and removal.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::authorization_codes::signed_in;
use super::json_scopes;
use super::refresh_families::{Grant, others};
use super::refresh_tokens::{Presented, presented};
use super::role_scopes;
use super::scopes::list_held;
use crate::domain::id::{AccountId, FamilyId, OrganizationId, SessionId};
use crate::domain::scope::{self, ScopeList};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Gives a member a token without a client, with every scope of the roles that the member holds at that moment.
pub fn insert_with_all_held_scopes(
    token: &Digest,
    organization: OrganizationId,
    account: AccountId,
    session: SessionId,
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO access_token (token_digest, account_id, organization_id, session_id, scopes, account_epoch,
  membership_epoch, created_at, expires_at)
SELECT ?1, membership.account_id, membership.organization_id, ?4,
  (SELECT json_group_array(scope) FROM (SELECT DISTINCT scope FROM held_scope
    WHERE held_scope.organization_id = ?2 AND held_scope.account_id = ?3 ORDER BY scope)),
  account.token_epoch, membership.token_epoch, ?5, ?6
FROM membership JOIN account ON account.account_id = membership.account_id
WHERE membership.organization_id = ?2 AND membership.account_id = ?3",
    )
    .bind(token)
    .bind(organization)
    .bind(account)
    .bind(session)
    .bind(now)
    .bind(expires_at)
}

/// Gives the caller's account a token for `organization`, of which it is a member by now: with the client and session of
/// the caller's own token, and with no scope beyond what that one may do now. `session` is for a caller without one.
pub fn insert_for_caller(
    caller: &Digest,
    token: &Digest,
    organization: OrganizationId,
    session: Option<SessionId>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    Statement::new(concat!(
        "WITH caller AS MATERIALIZED (SELECT * FROM live_caller WHERE token_digest = ?1),
granted AS MATERIALIZED (SELECT item.value AS scope FROM caller CROSS JOIN json_each(caller.scopes) AS item),
held AS MATERIALIZED (
  SELECT DISTINCT held_scope.scope FROM caller CROSS JOIN held_scope
    ON held_scope.organization_id = caller.organization_id AND held_scope.account_id = caller.account_id
),
ends AS MATERIALIZED (SELECT value ->> 0 AS narrow, value ->> 1 AS wide FROM json_each(?7)),
effective AS (
  SELECT scope FROM granted WHERE ",
        scope_within!("granted.scope", "held"),
        " UNION SELECT scope FROM held WHERE ",
        scope_within!("held.scope", "granted"),
        ")
INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, scopes, account_epoch,
  membership_epoch, client_epoch, created_at, expires_at)
SELECT ?2, caller.account_id, ?3, caller.client_id, coalesce(caller.session_id, ?4),
  (SELECT json_group_array(scope) FROM (SELECT scope FROM effective ORDER BY scope)),
  account.token_epoch, membership.token_epoch, coalesce(client.token_epoch, 0), ?5, ?6
FROM caller CROSS JOIN account ON account.account_id = caller.account_id
JOIN membership ON membership.organization_id = ?3 AND membership.account_id = caller.account_id
LEFT JOIN client ON client.client_id = caller.client_id"
    ))
    .bind(caller)
    .bind(token)
    .bind(organization)
    .bind(session)
    .bind(now)
    .bind(expires_at)
    .bind(role_scopes::widenings())
}

/// SQL condition: `$rows (scope)` hold `$scope` or one that includes it, as [`role_scopes::widenings`] in `ends` tell.
macro_rules! scope_within {
    ($scope:literal, $rows:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM ",
            $rows,
            " WHERE ",
            $rows,
            ".scope = ",
            $scope,
            ") OR EXISTS (SELECT 1 FROM ends JOIN ",
            $rows,
            " ON ",
            $rows,
            ".scope = substr(",
            $scope,
            ", 1, length(",
            $scope,
            ") - length(ends.narrow)) || ends.wide WHERE substr(",
            $scope,
            ", -length(ends.narrow)) = ends.narrow))"
        )
    };
}
use scope_within;

/// An access token to be stored.
#[derive(Debug)]
pub struct NewToken<'a> {
    /// Key.
    pub digest: &'a Digest,
    /// The paired refresh token, sealed under this token. Not stored for a client with strict rules.
    pub sealed_refresh: Option<&'a str>,
    /// End of its life.
    pub expires_at: Timestamp,
}

/// The first access token of a family, if the family is there, with all that the family was granted.
pub fn insert_first(token: &NewToken<'_>, family: FamilyId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, family_id,
  sealed_refresh, scopes, account_epoch, membership_epoch, client_epoch, created_at, expires_at)
SELECT ?1, account_id, refresh_family.organization_id, client_id, session_id, family_id, iif(strict, NULL, ?3), scopes,
  account_epoch, membership_epoch, client_epoch, ?4, ?5
FROM refresh_family JOIN client USING (client_id) WHERE family_id = ?2",
    )
    .bind(token.digest)
    .bind(family)
    .bind(token.sealed_refresh)
    .bind(now)
    .bind(token.expires_at)
}

/// An access token for a refresh token, if its own client presents it with the right proof, it is alive and was not
/// replaced, and `requested` is within what was granted. The same conditions as `oauth::grants::refresh_token::decide`.
pub fn insert_for_refresh(
    token: &NewToken<'_>,
    refresh_token: &Presented<'_>,
    requested: Option<&BTreeSet<String>>,
) -> Statement {
    const SQL: &str = concat!(
        "INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, family_id,
  sealed_refresh, scopes, account_epoch, membership_epoch, client_epoch, created_at, expires_at)
SELECT ?6, account_id, organization_id, client_id, session_id, family_id, iif(strict, NULL, ?7), coalesce(?8, scopes),
  account_epoch, membership_epoch, client_epoch, ?5, ?10
FROM live_refresh WHERE ",
        presented!(),
        " AND used_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM json_each(?9) AS demanded WHERE NOT EXISTS (
    SELECT 1 FROM json_each(demanded.value) AS wide JOIN json_each(live_refresh.scopes) AS granted
    ON granted.value = wide.value))"
    );
    let satisfying = requested.map(|scopes| {
        let wider = scopes.iter().map(|scope| scope::satisfying(scope));
        serde_json::json!(wider.collect::<Vec<_>>()).to_string()
    });
    refresh_token
        .bind(Statement::new(SQL))
        .bind(token.digest)
        .bind(token.sealed_refresh)
        .bind(requested.map(|scopes| serde_json::json!(scopes).to_string()))
        .bind(satisfying)
        .bind(token.expires_at)
}

/// The access token of the implicit grant: without a family, so nothing refreshes it. Nothing is inserted unless client,
/// page session and membership are alive at that moment.
pub fn insert_implicit(token: &Digest, grant: &Grant<'_>, now: Timestamp, expires_at: Timestamp) -> Statement {
    const SQL: &str = concat!(
        "INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, scopes,
  account_epoch, membership_epoch, client_epoch, created_at, expires_at)
SELECT ?1, account.account_id, membership.organization_id, client.client_id, session.session_id,
  (SELECT json_group_array(value) FROM json_each(?7)), account.token_epoch, membership.token_epoch,
  client.token_epoch, ?6, ?8",
        signed_in!()
    );
    grant.bind(Statement::new(SQL).bind(token), now).bind(serde_json::json!(grant.scopes).to_string()).bind(expires_at)
}

/// Removes the tokens that a code gave, if the family was revoked.
pub fn delete_of_replayed_code(code: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE family_id = (
  SELECT refresh_family.family_id FROM authorization_code JOIN refresh_family USING (family_id)
  WHERE code_digest = ?1 AND revoked_at IS NOT NULL)",
    )
    .bind(code)
}

/// Removes the oldest tokens of the new one's client and account, so that at most `kept` are left, the new one included.
pub fn delete_oldest(new: &Digest, kept: u64) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE token_digest IN (
  SELECT older.token_digest FROM access_token AS new
  JOIN access_token AS older ON older.client_id = new.client_id AND older.account_id = new.account_id
    AND older.token_digest <> new.token_digest
  WHERE new.token_digest = ?1
  ORDER BY older.created_at DESC, older.token_digest DESC LIMIT -1 OFFSET ?2)",
    )
    .bind(new)
    .bind(others(kept))
}

/// Removes the tokens of families of the new one's client and account that were revoked at `now`, in this batch.
pub fn delete_of_families_just_revoked(new: FamilyId, now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE family_id IN (
  SELECT older.family_id FROM refresh_family AS new
  JOIN refresh_family AS older ON older.client_id = new.client_id AND older.account_id = new.account_id
    AND older.revoked_at = ?2
  WHERE new.family_id = ?1)",
    )
    .bind(new)
    .bind(now)
}

/// Removes the tokens of a refresh token's family, if the family was revoked.
pub fn delete_of_revoked_family(refresh_token: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE family_id = (
  SELECT family_id FROM refresh_token JOIN refresh_family USING (family_id)
  WHERE token_digest = ?1 AND revoked_at IS NOT NULL)",
    )
    .bind(refresh_token)
}

/// Whether there is such a token, alive or not: one row or none.
pub fn find(token: &Digest) -> Statement {
    Statement::new("SELECT token_digest FROM access_token WHERE token_digest = ?1").bind(token)
}

/// Removes a token and every other one of its family.
pub fn delete_with_family(token: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE token_digest = ?1
  OR family_id = (SELECT family_id FROM access_token WHERE token_digest = ?1)",
    )
    .bind(token)
}

/// Removes the tokens of one session of the caller's account; `None` is the caller's own session.
pub fn delete_of_session(caller: &Digest, session: Option<SessionId>) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE session_id = (
  SELECT session.session_id FROM bearer AS caller
  JOIN session ON session.session_id = coalesce(?2, caller.session_id) AND session.account_id = caller.account_id
  WHERE caller.token_digest = ?1)",
    )
    .bind(caller)
    .bind(session)
}

/// Removes the tokens of one client for the caller's account in one organization.
pub fn delete_of_member_and_client(caller: &Digest, organization: OrganizationId, client: &str) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE client_id = ?3 AND organization_id = ?2
  AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(organization)
    .bind(client)
}

/// Removes the tokens of every session of the caller's account that ended at `now`, in this batch.
pub fn delete_of_ended_sessions(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM access_token WHERE session_id IN (
  SELECT session.session_id FROM bearer AS caller
  JOIN session ON session.account_id = caller.account_id AND session.ended_at = ?2
  WHERE caller.token_digest = ?1)",
    )
    .bind(caller)
    .bind(now)
}

/// A live access token and what its member's roles give now.
#[derive(Debug, Deserialize)]
pub struct LiveToken {
    /// Whose token it is.
    pub account_id: AccountId,
    /// The organization for which it was given.
    pub organization_id: OrganizationId,
    /// The application, if any.
    pub client_id: Option<String>,
    /// Scopes as granted.
    #[serde(deserialize_with = "json_scopes")]
    pub granted: ScopeList,
    /// Scopes that the member's roles give now.
    pub held: ScopeList,
    /// End of its life.
    pub expires_at: Timestamp,
    /// The paired refresh token, sealed under the access token; none once it was replaced.
    pub sealed_refresh: Option<String>,
}

/// The token if it is alive: one row or none.
pub fn find_live(token: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "SELECT account_id, organization_id, client_id, scopes AS granted, expires_at,
  (SELECT paired.sealed_refresh FROM access_token AS paired
   JOIN refresh_token ON refresh_token.family_id = paired.family_id AND refresh_token.used_at IS NULL
     AND refresh_token.created_at <= paired.created_at
   WHERE paired.token_digest = live_caller.token_digest) AS sealed_refresh, ",
        list_held!("live_caller"),
        " AS held
FROM live_caller WHERE token_digest = ?1 AND kind = 'access' AND (mfa_due_at IS NULL OR mfa_due_at > ?2)",
    ))
    .bind(token)
    .bind(now)
}
