//! `/v2/token` and its unversioned alias.

mod client;
pub(super) mod exchange;
mod parameters;
pub(super) mod revoke;
