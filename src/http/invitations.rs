//! `/v2/accounts/invitations`.

pub(super) mod approve;
mod body;
pub(super) mod create;
pub(super) mod decline;
pub(super) mod list;
