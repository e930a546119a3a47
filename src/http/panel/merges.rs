//! Merges with another organization.

pub(in crate::http) mod approve;
pub(in crate::http) mod list;
mod list_page;
mod page;
pub(in crate::http) mod request;
pub(in crate::http) mod show;
pub(in crate::http) mod withdraw;

use crate::domain::id::{MergeId, OrganizationId};
use crate::http::call::Call;
use crate::http::pages::panel::Problem;
use crate::http::panel::proof;
use crate::usecase::merges::{self, Place};
use crate::usecase::{Failure, Refusal};

/// The merge that the path names, of the organization in which the person acts.
fn target(call: &Call) -> Result<Place, Failure> {
    let merge: MergeId = super::around::named(call, "merge_id", "merge")?;
    Ok(Place { organization: None, merge })
}

/// What asking, approving and withdrawing are refused for.
fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Forbidden(merges::UNVERIFIED) => Some(Problem::EmailUnverified),
        Refusal::Conflict { description, .. } => Some(match *description {
            merges::OTHER_UNVERIFIED => Problem::OtherUnverified,
            merges::CHANGED => Problem::MergeChanged,
            merges::PRODUCTS_CHANGED => Problem::MergeProductsChanged,
            merges::TOO_LARGE => Problem::MergeTooLarge,
            merges::OPEN => Problem::MergeOpen,
            _ => Problem::MergeClosed,
        }),
        other => proof::problem(other),
    }
}

/// An organization's name where there is one, else its id.
fn named(name: Option<String>, id: OrganizationId) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
}
