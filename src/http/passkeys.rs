//! `/v2/accounts/me/passkeys`, and how passkeys are written wherever a browser is asked for one.

mod body;
pub(super) mod create;
pub(super) mod credential;
pub(super) mod delete;
pub(super) mod list;
pub(super) mod options;
pub(super) mod rename;
