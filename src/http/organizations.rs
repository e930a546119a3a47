//! `/v2/organizations`.

pub(super) mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod join;
pub(super) mod list;
pub(super) mod list_joinable;
pub(super) mod require_second_factor;
pub(super) mod transfer_ownership;
pub(super) mod update;

use super::call::Call;
use crate::domain::id::OrganizationId;
use crate::usecase::Failure;

/// `{organization_id}` of a path; `None` is the one in which the caller acts.
pub(super) fn target(call: &Call) -> Result<Option<OrganizationId>, Failure> {
    Ok(call.target_or_absent("organization_id", "organization", &["me", "my"])?.id())
}
