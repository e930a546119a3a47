//! Access tokens: issue and introspection.

use serde::Deserialize;

use super::json;
use crate::domain::id::{AccountId, OrganizationId, SessionId};
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
