//! Domains of an organization: who has a verified address of a proven one may join.

pub mod add;
pub mod list;
pub mod prove_by_dns;
pub mod remove;
pub mod send_challenge;

use crate::domain::id::{DomainId, OrganizationId};
pub use crate::store::organization_domains::DomainRow;
use crate::store::organization_domains::{TAKEN, refusal};
use crate::usecase::{Refusal, organizations};

/// Why another domain is refused.
pub const FULL: &str = "The organization has as many domains as it may.";

/// What the statements of this folder refuse; `domain` is the one that the caller named.
fn refused(name: &str, organization: Option<OrganizationId>, domain: Option<DomainId>) -> Option<Refusal> {
    match name {
        refusal::UNKNOWN => Some(Refusal::NotFound { resource: "domain", id: domain.map(|id| id.to_string()) }),
        refusal::FULL => Some(conflict(FULL)),
        TAKEN => Some(conflict("The organization has this domain already.")),
        other => organizations::refusal(other, organization),
    }
}

fn conflict(description: &'static str) -> Refusal {
    Refusal::Conflict { resource: "domain", description }
}
