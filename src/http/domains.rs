//! `/v2/organizations/{organization_id}/domains`.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod prove;

use super::call::Call;
use crate::domain::id::DomainId;
use crate::usecase::Failure;

/// `{domain_id}` of a path. What is no id names nothing.
fn target(call: &Call) -> Result<DomainId, Failure> {
    call.id("domain_id")
}
