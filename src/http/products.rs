//! `/v2/organizations/{organization_id}/products`.

mod body;
pub(super) mod disable;
pub(super) mod enable;
pub(super) mod list;
