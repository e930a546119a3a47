//! `/v2/accounts/me/mfa`: the caller's second factor.

pub(super) mod begin_totp;
pub(super) mod confirm_totp;
pub(super) mod delete_totp;
pub(super) mod get;
pub(super) mod new_recovery_codes;

use axum::response::Response;
use serde::Serialize;

use super::answer;
use super::call::Call;
use super::proof::Proof;
use crate::usecase::Failure;

/// The only answer that holds the codes.
#[derive(Serialize)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

fn shown_once(recovery_codes: Vec<String>) -> Result<Response, Failure> {
    answer::ok(&RecoveryCodes { recovery_codes }).map(answer::never_stored)
}

/// The proof where a password is not enough: `code`, if one is given.
fn code_alone(call: &Call) -> Result<Option<String>, Failure> {
    let mut fields = call.optional_fields()?;
    fields.forbid("password", &"is not enough here; give a code");
    let code = Proof::read_code(&mut fields);
    fields.finish(Some(code))
}
