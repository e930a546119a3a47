//! `/v2/accounts/me/mfa`: the caller's second factor.

pub(super) mod begin_totp;
pub(super) mod confirm_totp;
pub(super) mod delete_totp;
pub(super) mod get;
pub(super) mod new_recovery_codes;

use axum::response::Response;
use serde::Serialize;

use super::answer;
use crate::usecase::Failure;

/// The only answer that holds the codes.
#[derive(Serialize)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

fn shown_once(recovery_codes: Vec<String>) -> Result<Response, Failure> {
    answer::ok(&RecoveryCodes { recovery_codes }).map(answer::never_stored)
}
