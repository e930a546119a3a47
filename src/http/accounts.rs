//! `/v2/accounts`.

pub(super) mod body;
pub(super) mod get;
pub(super) mod list;
