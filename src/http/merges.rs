//! `/v2/organizations/{organization_id}/merges`.

pub(super) mod approve;
mod body;
pub(super) mod get;
pub(super) mod list;
pub(super) mod request;
pub(super) mod withdraw;

use super::call::Call;
use super::organizations;
use crate::usecase::merges::Place;
use crate::usecase::{Failure, Refusal};

/// The merge that a path names; what is no id names nothing.
fn place(call: &Call) -> Result<Place, Failure> {
    let organization = organizations::target(call)?;
    let text = call.param("merge_id")?;
    let absent = |_| Refusal::NotFound { resource: "merge", id: Some(text.to_owned()) };
    Ok(Place { organization, merge: text.parse().map_err(absent)? })
}
