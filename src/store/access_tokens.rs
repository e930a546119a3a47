//! Access tokens: issue and introspection.

use serde::Deserialize;

use super::json;
use crate::domain::id::{AccountId, OrganizationId, SessionId};
use crate::domain::scope;
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
granted AS MATERIALIZED (SELECT item.value AS scope FROM caller JOIN json_each(caller.scopes) AS item),
held AS MATERIALIZED (
  SELECT DISTINCT held_scope.scope FROM caller JOIN held_scope
    ON held_scope.organization_id = caller.organization_id AND held_scope.account_id = caller.account_id
),
ends AS MATERIALIZED (SELECT value ->> 0 AS narrow, value ->> 1 AS wide FROM json_each(?7)),
effective AS (
  SELECT scope FROM granted WHERE ",
        included!("granted.scope", "held"),
        " UNION SELECT scope FROM held WHERE ",
        included!("held.scope", "granted"),
        ")
INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, scopes, account_epoch,
  membership_epoch, client_epoch, created_at, expires_at)
SELECT ?2, caller.account_id, ?3, caller.client_id, coalesce(caller.session_id, ?4),
  (SELECT json_group_array(scope) FROM (SELECT scope FROM effective ORDER BY scope)),
  account.token_epoch, membership.token_epoch, coalesce(client.token_epoch, 0), ?5, ?6
FROM caller JOIN account ON account.account_id = caller.account_id
JOIN membership ON membership.organization_id = ?3 AND membership.account_id = caller.account_id
LEFT JOIN client ON client.client_id = caller.client_id"
    ))
    .bind(caller)
    .bind(token)
    .bind(organization)
    .bind(session)
    .bind(now)
    .bind(expires_at)
    .bind(serde_json::json!(scope::widenings()).to_string())
}

/// SQL condition: `$rows (scope)` hold `$scope` or one that includes it, as [`scope::widenings`] in `ends` tell.
macro_rules! included {
    ($scope:literal, $rows:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM ",
            $rows,
            " AS wide WHERE wide.scope = ",
            $scope,
            ") OR EXISTS (SELECT 1 FROM ends JOIN ",
            $rows,
            " AS wide ON wide.scope = substr(",
            $scope,
            ", 1, length(",
            $scope,
            ") - length(ends.narrow)) || ends.wide WHERE substr(",
            $scope,
            ", -length(ends.narrow)) = ends.narrow))"
        )
    };
}
use included;

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
    #[serde(deserialize_with = "json")]
    pub granted: Vec<String>,
    /// Scopes that the member's roles give now.
    #[serde(deserialize_with = "json")]
    pub held: Vec<String>,
    /// End of its life.
    pub expires_at: Timestamp,
}

/// The token if it is alive: one row or none.
pub fn find_live(token: &Digest) -> Statement {
    Statement::new(
        "SELECT account_id, organization_id, client_id, scopes AS granted, expires_at,
  (SELECT json_group_array(scope) FROM held_scope
   WHERE held_scope.organization_id = live_caller.organization_id
     AND held_scope.account_id = live_caller.account_id) AS held
FROM live_caller WHERE token_digest = ?1 AND kind = 'access'",
    )
    .bind(token)
}
