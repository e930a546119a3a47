//! Refresh tokens: finding, replacing and keeping them.
//!
//! A refresh is one batch. Its proof is the row of the new access token: `access_tokens::insert_for_refresh` inserts it
//! only if every condition holds, and everything after is done only if it is there. Nobody else can have inserted it,
//! because its identifier is 128 fresh random bits.

use serde::Deserialize;

use super::json_scopes;
use super::scopes::list_held;
use super::second_factors::second_factor_due;
use crate::domain::id::{AccountId, FamilyId, OrganizationId};
use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::client::{Method, PresentedClient};
use crate::oauth::digest::Digest;
use crate::oauth::grants::refresh_token::RefreshToken;
use crate::ports::Statement;

/// A refresh token as a client presents it.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// Of the refresh token.
    pub token: &'a Digest,
    /// Who presents it.
    pub client: &'a PresentedClient,
    /// When.
    pub now: Timestamp,
}

/// Inside a query of `live_refresh`: the token, unexpired, presented by its own client with the right proof. Binds ?1 to
/// ?5 by [`Presented::bind`].
macro_rules! presented {
    () => {
        concat!(
            "token_digest = ?1 AND client_id = ?2 AND secret_digest IS ?3 AND NOT (strict AND ?4) AND expires_at > ?5 AND NOT ",
            crate::store::second_factors::second_factor_due!("live_refresh", "?5")
        )
    };
}
pub(super) use presented;

impl Presented<'_> {
    /// The values of `presented!`.
    pub(super) fn bind(&self, statement: Statement) -> Statement {
        statement
            .bind(self.token)
            .bind(self.client.id.as_str())
            .bind(self.client.secret.as_ref().map(Digest::as_str))
            .bind(self.client.method == Method::Query)
            .bind(self.now)
    }
}

/// A refresh token of a living family, and what its member's roles give now.
#[derive(Debug, Deserialize)]
pub struct LiveRefresh {
    /// To which application it was given.
    pub client_id: String,
    /// Whose.
    pub account_id: AccountId,
    /// In which organization.
    pub organization_id: OrganizationId,
    /// Scopes as granted.
    #[serde(deserialize_with = "json_scopes")]
    pub granted: ScopeList,
    /// Scopes that the member's roles give now.
    pub held: ScopeList,
    /// When it was replaced.
    pub used_at: Option<Timestamp>,
    /// What replaced it, sealed, until that is used.
    pub sealed_successor: Option<String>,
    /// The earlier of its idle and its family's absolute expiry.
    pub expires_at: Timestamp,
}

impl LiveRefresh {
    /// What the grant decides on.
    pub fn facts(&self) -> RefreshToken<'_> {
        RefreshToken {
            client_id: &self.client_id,
            expires_at: self.expires_at,
            used_at: self.used_at,
            sealed_successor: self.sealed_successor.as_deref(),
            granted: &self.granted,
        }
    }
}

/// The token if its family is alive: one row or none. A member who has to have a second factor first finds none.
pub fn find_live(token: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "SELECT client_id, account_id, organization_id, scopes AS granted, used_at, sealed_successor, expires_at, ",
        list_held!("live_refresh"),
        " AS held
FROM live_refresh WHERE token_digest = ?1 AND NOT ",
        second_factor_due!("live_refresh", "?2")
    ))
    .bind(token)
    .bind(now)
}

/// The first token of a family, if the family is there.
pub fn insert_first(token: &Digest, family: FamilyId, now: Timestamp, idle_expires_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO refresh_token (token_digest, family_id, created_at, expires_at)
SELECT ?1, family_id, ?3, ?4 FROM refresh_family WHERE family_id = ?2",
    )
    .bind(token)
    .bind(family)
    .bind(now)
    .bind(idle_expires_at)
}

/// Of the family of an access token just issued: no earlier token gives its successor any more, since that is used now.
pub fn close_windows(issued: &Digest) -> Statement {
    Statement::new(
        "UPDATE refresh_token SET sealed_successor = NULL WHERE sealed_successor IS NOT NULL
  AND family_id = (SELECT family_id FROM access_token WHERE token_digest = ?1)",
    )
    .bind(issued)
}

/// Marks a token as replaced by the pair that `sealed_successor` hides.
pub fn replace(token: &Digest, issued: &Digest, sealed_successor: &str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_token SET used_at = ?4, sealed_successor = ?3
WHERE token_digest = ?1 AND EXISTS (SELECT 1 FROM access_token WHERE token_digest = ?2)",
    )
    .bind(token)
    .bind(issued)
    .bind(sealed_successor)
    .bind(now)
}

/// The replacement. Its own end is the idle one; the family's absolute end stays where it is, and `live_refresh` tells the
/// earlier of the two.
pub fn insert_successor(token: &Digest, issued: &Digest, now: Timestamp, idle_expires_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO refresh_token (token_digest, family_id, created_at, expires_at)
SELECT ?1, family_id, ?3, ?4 FROM access_token WHERE token_digest = ?2",
    )
    .bind(token)
    .bind(issued)
    .bind(now)
    .bind(idle_expires_at)
}

/// Moves the idle end of a token that its client keeps.
pub fn keep(token: &Digest, issued: &Digest, idle_expires_at: Timestamp) -> Statement {
    Statement::new(
        "UPDATE refresh_token SET expires_at = ?3
WHERE token_digest = ?1 AND EXISTS (SELECT 1 FROM access_token WHERE token_digest = ?2)",
    )
    .bind(token)
    .bind(issued)
    .bind(idle_expires_at)
}

/// An access token is used: the refresh token that was replaced when it was issued gives that pair no more.
pub fn close_window_of(access_token: &Digest) -> Statement {
    Statement::new(
        "UPDATE refresh_token SET sealed_successor = NULL WHERE sealed_successor IS NOT NULL
  AND family_id = (SELECT family_id FROM access_token WHERE token_digest = ?1)
  AND used_at = (SELECT created_at FROM access_token WHERE token_digest = ?1)",
    )
    .bind(access_token)
}
