//! `/v2/clients`.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod get;
pub(super) mod list;
pub(super) mod remove_scopes;
pub(super) mod set_scopes;
pub(super) mod update;
