//! `/v2/accounts`.

pub(super) mod body;
pub(super) mod change_email;
pub(super) mod create;
pub(super) mod delete;
pub(super) mod erase;
pub(super) mod export;
pub(super) mod get;
pub(super) mod list;
mod role_reference;
pub(super) mod send_verification;
pub(super) mod set_password;
pub(super) mod set_roles;
pub(super) mod set_suspension;
pub(super) mod update;
