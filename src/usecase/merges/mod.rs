//! Merges: one organization becomes part of another. The owner of the one that stays asks, the owner of the other one
//! approves, and it happens in one transaction.

pub mod approve;
pub mod get;
pub mod list;
pub mod request;
pub mod withdraw;

use super::authorized::{AuthorizedBatch, Outcome, Slot};
use super::{Failure, InvalidFields, Refusal, present, step_up};
use crate::domain::id::{MergeId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::store::authorization;
pub use crate::store::organization_merges::MergeRow;
pub use crate::store::organization_merges::preview::{
    ClientMoved, DomainOutcome, PersonMoved, Preview, ProductOutcome, RoleGained, RoleMoved,
};
use crate::store::organization_merges::{self, preview, refusal};

/// Why asking and approving are refused to who has not proven their address.
pub const UNVERIFIED: &str = "This needs a verified e-mail address.";
/// Why an approval is refused: the owner who asked has not.
pub const OTHER_UNVERIFIED: &str = "The other owner's e-mail address is not verified.";
/// Why it is refused: it was decided, withdrawn or is too old.
pub const CLOSED: &str = "The merge is not open any more.";
/// Why an approval is refused: the preview is another by now.
pub const CHANGED: &str = "What the merge would do has changed since it was looked at.";
/// Why an approval is refused: `keep` does not fit any more.
pub const PRODUCTS_CHANGED: &str = "The products of the two organizations have changed since the merge was asked for.";
/// Why both are refused.
pub const TOO_LARGE: &str = "The other organization has more accounts than can be merged at once.";
/// Why a second request is refused.
pub const OPEN: &str = "A merge of these two organizations is open already.";

/// A merge with what it would do.
pub struct Merge {
    /// As it stands.
    pub row: MergeRow,
    /// While it can be approved.
    pub preview: Option<Preview>,
}

/// Where to find a merge: the path of a request.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// One of the two organizations; `None` is the one in which the caller acts.
    pub organization: Option<OrganizationId>,
    /// Key.
    pub merge: MergeId,
}

/// Only for a merge of the caller's organization. To be pushed directly behind the authorization.
pub(super) fn guard(batch: &mut AuthorizedBatch<'_>, place: Place) {
    batch.push(organization_merges::refuse_unknown(batch.token(), place.merge, place.organization));
}

/// Reads a merge with its preview.
pub(super) fn find(batch: &mut AuthorizedBatch<'_>, merge: MergeId, now: Timestamp) -> [Slot; 2] {
    let row = batch.push(organization_merges::get(merge, now));
    [row, batch.push(preview::find(batch.token(), merge))]
}

pub(super) fn found(outcome: &Outcome, [row, preview]: [Slot; 2]) -> Result<Merge, Failure> {
    let row: MergeRow = present(outcome.first(row)?)?;
    let preview = match row.state.as_str() {
        "pending" => outcome.first(preview)?,
        _ => None,
    };
    Ok(Merge { row, preview })
}

/// What a batch about one merge may be refused for. Who is no owner learns nothing of it.
pub(super) fn refused(name: &str, merge: MergeId) -> Option<Refusal> {
    Some(match name {
        refusal::UNKNOWN | authorization::refusal::RANK => {
            Refusal::NotFound { resource: "merge", id: Some(merge.to_string()) }
        }
        refusal::CLOSED => conflict(CLOSED),
        refusal::CHANGED => conflict(CHANGED),
        refusal::NOT_SOURCE => Refusal::Forbidden("Only the owner of the organization that ends can approve."),
        refusal::OTHER_UNVERIFIED => conflict(OTHER_UNVERIFIED),
        other => return refused_request(other),
    })
}

/// What is asked at the request and again at the approval.
fn refused_request(name: &str) -> Option<Refusal> {
    Some(match name {
        refusal::UNVERIFIED => Refusal::Forbidden(UNVERIFIED),
        refusal::TOO_LARGE => conflict(TOO_LARGE),
        other => return step_up::refused(other),
    })
}

fn conflict(description: &'static str) -> Refusal {
    Refusal::Conflict { resource: "merge", description }
}

/// What is wrong with `keep`, product by product. `name` carries the products in hexadecimal.
fn refused_keep(name: &str) -> Option<Refusal> {
    let (problem, products) = match name.split_once(' ')? {
        (refusal::UNDECIDED, products) => ("is required: both organizations have this product", products),
        (refusal::ABSENT, products) => {
            ("must be one of the two organizations, and one that has this product", products)
        }
        _ => return None,
    };
    let path = |hexadecimal: &str| Some((format!("keep.{}", text(hexadecimal)?), problem.to_owned()));
    Some(Refusal::Invalid(products.split(' ').filter_map(path).collect::<InvalidFields>()))
}

fn text(hexadecimal: &str) -> Option<String> {
    let digits = hexadecimal.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_product_travels_as_hexadecimal() {
        assert_eq!(text("4C69766543686174").as_deref(), Some("LiveChat"));
        assert_eq!(text("C5BC").as_deref(), Some("ż"));
        for no in ["C5", "4", "zz"] {
            assert_eq!(text(no), (no == "4").then(|| "\u{4}".to_owned()));
        }
    }
}
