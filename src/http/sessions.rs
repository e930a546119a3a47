//! `/v2/sessions`.

mod body;
pub(super) mod end;
pub(super) mod end_all;
pub(super) mod list;
