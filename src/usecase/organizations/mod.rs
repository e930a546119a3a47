//! Organizations.

pub mod create;
pub mod delete;
pub mod get;
pub mod join;
pub mod list;
pub mod list_joinable;
pub mod require_second_factor;
pub mod sign_up;
pub mod transfer_ownership;
pub mod update;

use super::accounts::SeenAccount;
use super::authorized::AuthorizedBatch;
use super::{Failure, Refusal};
use crate::domain::id::OrganizationId;
use crate::store::authorization;
pub use crate::store::organizations::OrganizationRow;

/// A new organization, and what its first member has now.
pub struct Created {
    /// The owner, as a member of it.
    pub account: SeenAccount,
    /// As stored.
    pub organization: OrganizationRow,
    /// Bearer token for it. Shown once.
    pub access_token: String,
}

const FOREIGN: &str = "foreign_organization";

/// Only for the organization in which the caller acts; `None` is that one. To be pushed directly behind the
/// authorization.
pub(super) fn guard_own(batch: &mut AuthorizedBatch<'_>, organization: Option<OrganizationId>) {
    if let Some(organization) = organization {
        batch.push(authorization::acts_in(batch.token(), organization, FOREIGN));
    }
}

/// What [`guard_own`] refuses.
pub(super) fn refusal(name: &str, organization: Option<OrganizationId>) -> Option<Refusal> {
    (name == FOREIGN).then(|| not_found(organization))
}

/// What was right in the first round trip of a call and is not in its second was changed by somebody else.
fn lost(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(Refusal::Forbidden(_) | Refusal::Invalid(_)) => moved().into(),
        other => other,
    }
}

fn moved() -> Refusal {
    Refusal::Conflict { resource: "organization", description: "Who owns or administers it has changed meanwhile." }
}

fn not_found(organization: Option<OrganizationId>) -> Refusal {
    Refusal::NotFound { resource: "organization", id: organization.map(|id| id.to_string()) }
}
