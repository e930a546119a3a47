//! `/v2/scopes`.

pub(super) mod list;
