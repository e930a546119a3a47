//! All SQL text and the shapes of its rows: one file per table or view, and one per change that touches several.
//!
//! Statements come from functions named for what they do; use cases put them in order into one batch. `?1` of every
//! statement that acts for a caller is the digest of the caller's token.

pub mod access_tokens;
pub mod accounts;
pub mod applications;
pub mod approvers;
pub mod audit;
pub mod authorization;
pub mod authorization_codes;
pub mod authorization_requests;
pub mod browser_sessions;
pub mod catalogue;
pub mod client_secrets;
pub mod clients;
pub mod consents;
pub mod contract;
pub mod email_changes;
pub mod erasure;
pub mod expired;
pub mod exports;
pub mod half_sessions;
pub mod invitations;
pub mod known_devices;
pub mod mail_tokens;
pub mod member_avatars;
pub mod memberships;
pub mod operator_commands;
pub mod organization_deletion;
pub mod organization_domains;
pub mod organization_merges;
pub mod organizations;
pub mod outbox;
pub mod ownership;
pub mod passkey_sessions;
pub mod passkeys;
pub mod passwords;
pub mod personal_tokens;
pub mod product_suspensions;
pub mod products;
pub mod proofs;
pub mod recovery_codes;
pub mod refresh_families;
pub mod refresh_tokens;
pub mod role_grants;
pub mod role_scopes;
pub mod roles;
pub mod scopes;
pub mod second_factors;
pub mod session_applications;
pub mod sessions;
pub mod throttles;
pub mod totps;
pub mod webauthn_challenges;

use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};

use crate::domain::client::ClientId;
use crate::domain::from_text::from_text;
use crate::domain::id::{
    AccountId, AuditId, AvatarId, CommandId, DomainId, EmailChangeId, FamilyId, InvitationId, MailTokenId, MergeId,
    OrganizationId, OutboxId, PasskeyId, PersonalTokenId, RequestId, RoleId, SessionId,
};
use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::{Statement, Value};

/// The caller's organization, inside a statement whose `?1` is the caller's token digest.
macro_rules! caller_organization {
    () => {
        "(SELECT organization_id FROM live_caller WHERE token_digest = ?1)"
    };
}
pub(crate) use caller_organization;

/// Stops the whole batch with `DatabaseError::Refused(name)` unless `condition` (SQL, without parameters of its own
/// beyond those bound by the caller of this function) holds.
///
/// The name travels as a JSON path, the one expression whose error text SQLite fills with a value of ours.
fn refuse_unless(name: &str, condition: &str) -> Statement {
    Statement::new(format!("SELECT CASE WHEN {condition} THEN 1 ELSE json_extract('{{}}', 'refuse:{name}') END"))
}

macro_rules! bind_ids {
    ($($id:ty),+) => {
        $(impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Text(id.to_string())
            }
        })+
    };
}
bind_ids!(
    AccountId,
    AuditId,
    AvatarId,
    ClientId,
    CommandId,
    DomainId,
    EmailChangeId,
    FamilyId,
    InvitationId,
    MailTokenId,
    MergeId,
    OrganizationId,
    OutboxId,
    PasskeyId,
    PersonalTokenId,
    RequestId,
    RoleId,
    SessionId
);

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Integer(at.millis())
    }
}

impl From<&Digest> for Value {
    fn from(digest: &Digest) -> Self {
        Self::Text(digest.as_str().to_owned())
    }
}

/// For flags: SQLite has no boolean.
fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match u8::deserialize(deserializer)? {
        0 => Ok(false),
        1 => Ok(true),
        other => Err(D::Error::custom(format!("{other} is no flag"))),
    }
}

/// For columns that hold JSON text.
fn json<'de, D: Deserializer<'de>, T: DeserializeOwned>(deserializer: D) -> Result<T, D::Error> {
    from_text(deserializer, |text| serde_json::from_str(text))
}

/// For columns that hold scopes as a JSON array, such as those of a token.
fn json_scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ScopeList, D::Error> {
    json::<D, Vec<String>>(deserializer).map(ScopeList::from_iter)
}

/// Stops the batch as `name` unless the statement just before changed a row.
pub fn refuse_unless_changed(name: &str) -> Statement {
    refuse_unless(name, "changes() > 0")
}
