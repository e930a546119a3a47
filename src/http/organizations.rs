//! `/v2/organizations`.

pub(super) mod body;
pub(super) mod create;
