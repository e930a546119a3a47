//! Merges with another organization.

pub(in crate::http) mod approve;
pub(in crate::http) mod list;
mod list_page;
mod page;
pub(in crate::http) mod request;
pub(in crate::http) mod show;
pub(in crate::http) mod withdraw;

use crate::domain::id::{MergeId, OrganizationId};
use crate::domain::password::Password;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::Problem;
use crate::usecase::merges::{self, Place};
use crate::usecase::step_up::{PROOF_MISSING, PROOF_WRONG};
use crate::usecase::{Failure, Refusal};

/// The merge that the path names, of the organization in which the person acts.
fn target(call: &Call) -> Result<Place, Failure> {
    let merge: MergeId = super::around::named(call, "merge_id", "merge")?;
    Ok(Place { organization: None, merge })
}

/// What was written as a proof; nothing for a fresh sign-in.
fn password(form: &Form) -> Option<Password> {
    let written = form.text("current_password");
    (!written.is_empty()).then(|| Password::given(written))
}

/// What asking, approving and withdrawing are refused for.
fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Forbidden(PROOF_MISSING) => Some(Problem::ProofMissing),
        Refusal::Forbidden(PROOF_WRONG) => Some(Problem::ProofWrong),
        Refusal::Forbidden(merges::UNVERIFIED) => Some(Problem::EmailUnverified),
        Refusal::Conflict { description, .. } => Some(match *description {
            merges::OTHER_UNVERIFIED => Problem::OtherUnverified,
            merges::CHANGED => Problem::MergeChanged,
            merges::PRODUCTS_CHANGED => Problem::MergeProductsChanged,
            merges::TOO_LARGE => Problem::MergeTooLarge,
            merges::OPEN => Problem::MergeOpen,
            _ => Problem::MergeClosed,
        }),
        _ => None,
    }
}

/// An organization's name where there is one, else its id.
fn named(name: Option<String>, id: OrganizationId) -> String {
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_string())
}
