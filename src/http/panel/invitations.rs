//! Invitations to an organization, and requests for access.

pub(in crate::http) mod approve;
pub(in crate::http) mod create;
pub(in crate::http) mod decline;
pub(in crate::http) mod list;
mod page;

use crate::domain::id::InvitationId;
use crate::http::call::Call;
use crate::http::pages::panel::Problem;
use crate::usecase::{Failure, Refusal};

/// The invitation that the path names.
fn target(call: &Call) -> Result<InvitationId, Failure> {
    super::around::named(call, "invitation_id", "invitation")
}

/// What deciding was refused for.
fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Conflict { .. } => Some(Problem::ChangedMeanwhile),
        Refusal::Invalid(_) | Refusal::NotFound { resource: "role", .. } => Some(Problem::RolesImpossible),
        _ => None,
    }
}
