//! Personal access tokens.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;

use super::{json, refuse_unless};
use crate::domain::id::{AccountId, OrganizationId, PersonalTokenId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A personal token without its secret.
#[derive(Debug, Deserialize)]
pub struct PersonalTokenRow {
    /// Key.
    pub personal_token_id: PersonalTokenId,
    /// Whose.
    pub account_id: AccountId,
    /// In which organization it acts.
    pub organization_id: OrganizationId,
    /// What its owner calls it.
    pub name: String,
    /// As granted; what it may do is cut down to the owner's roles at every use.
    #[serde(deserialize_with = "json")]
    pub scopes: BTreeSet<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// `None`: no expiry.
    pub expires_at: Option<Timestamp>,
    /// Last use, to [`USE_PRECISION`].
    pub used_at: Option<Timestamp>,
}

/// How exactly the last use is known: a use within this time of the noted one writes nothing.
pub const USE_PRECISION: Duration = Duration::from_hours(1);

/// Names with which the guards below refuse.
pub mod refusal {
    /// Not a token of the caller's.
    pub const UNKNOWN: &str = "personal_token_unknown";
    /// The member has as many as it may.
    pub const TOO_MANY: &str = "personal_token_too_many";
}

/// The tokens of the caller's account in the caller's organization that are alive: needs the caller as `?1`, now as `?2`.
macro_rules! live_of_caller {
    () => {
        "FROM live_caller AS caller
CROSS JOIN account ON account.account_id = caller.account_id
CROSS JOIN membership ON membership.organization_id = caller.organization_id AND membership.account_id = caller.account_id
CROSS JOIN personal_token ON personal_token.organization_id = caller.organization_id
  AND personal_token.account_id = caller.account_id
  AND personal_token.personal_token_epoch = account.personal_token_epoch
  AND personal_token.membership_epoch = membership.token_epoch
WHERE caller.token_digest = ?1 AND coalesce(personal_token.expires_at, ?2 + 1) > ?2"
    };
}

macro_rules! select_live_of_caller {
    ($rest:literal) => {
        concat!(
            "SELECT personal_token.personal_token_id, personal_token.account_id, personal_token.organization_id,
  personal_token.name, personal_token.scopes, personal_token.created_at, personal_token.expires_at,
  personal_token.used_at ",
            live_of_caller!(),
            $rest
        )
    };
}

/// The caller's own that are alive, oldest first, after `after`; at most `limit`.
pub fn list_for_caller(caller: &Digest, after: Option<PersonalTokenId>, limit: i64, now: Timestamp) -> Statement {
    Statement::new(select_live_of_caller!(
        " AND personal_token.personal_token_id > coalesce(?3, '') ORDER BY personal_token.personal_token_id LIMIT ?4"
    ))
    .bind(caller)
    .bind(now)
    .bind(after)
    .bind(limit)
}

/// One of the caller's own that is alive.
pub fn get_for_caller(caller: &Digest, id: PersonalTokenId, now: Timestamp) -> Statement {
    Statement::new(select_live_of_caller!(" AND personal_token.personal_token_id = ?3")).bind(caller).bind(now).bind(id)
}

/// Only for a member with fewer than `most` tokens that are alive.
pub fn refuse_too_many(caller: &Digest, most: u64, now: Timestamp) -> Statement {
    refuse_unless(refusal::TOO_MANY, concat!("(SELECT count(*) ", live_of_caller!(), ") < ?3"))
        .bind(caller)
        .bind(now)
        .bind(most)
}

/// Only for a token of the caller's own in the caller's organization, alive or not.
pub fn refuse_unknown(caller: &Digest, id: PersonalTokenId) -> Statement {
    let own = "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN personal_token
    ON personal_token.organization_id = caller.organization_id AND personal_token.account_id = caller.account_id
  WHERE caller.token_digest = ?1 AND personal_token.personal_token_id = ?2)";
    refuse_unless(refusal::UNKNOWN, own).bind(caller).bind(id)
}

/// What a new token has.
pub struct NewToken<'a> {
    /// Key.
    pub id: PersonalTokenId,
    /// Of its secret.
    pub digest: &'a Digest,
    /// What its owner calls it.
    pub name: &'a str,
    /// Scopes.
    pub scopes: &'a BTreeSet<String>,
    /// `None`: no expiry.
    pub expires_at: Option<Timestamp>,
}

/// Gives the caller a token.
pub fn insert_for_caller(caller: &Digest, token: &NewToken<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO personal_token (personal_token_id, token_digest, account_id, organization_id, name, scopes,
  personal_token_epoch, membership_epoch, created_at, expires_at)
SELECT ?2, ?3, caller.account_id, caller.organization_id, ?4, ?5, account.personal_token_epoch, membership.token_epoch,
  ?6, ?7
FROM live_caller AS caller CROSS JOIN account ON account.account_id = caller.account_id
CROSS JOIN membership ON membership.organization_id = caller.organization_id AND membership.account_id = caller.account_id
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(token.id)
    .bind(token.digest)
    .bind(token.name)
    .bind(serde_json::json!(token.scopes).to_string())
    .bind(now)
    .bind(token.expires_at)
}

/// Removes a token. After [`refuse_unknown`].
pub fn delete(id: PersonalTokenId) -> Statement {
    Statement::new("DELETE FROM personal_token WHERE personal_token_id = ?1").bind(id)
}

/// Notes that a token is being used, unless a use within [`USE_PRECISION`] is noted: most calls write nothing.
pub fn note_use(token: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE personal_token SET used_at = ?2 WHERE token_digest = ?1 AND (used_at IS NULL OR used_at <= ?2 - ?3)",
    )
    .bind(token)
    .bind(now)
    .bind(USE_PRECISION)
}

/// SQL of a token as of now, for an audit row that is written before its removal.
pub const BEFORE: &str = "(SELECT json_object('name', name, 'scopes', json(scopes)) FROM personal_token
  WHERE personal_token.personal_token_id = audit_log.target_id)";
