//! `/v2/personal_token`.

mod body;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod list;
