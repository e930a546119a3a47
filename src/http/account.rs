//! `/account`: a person's own page, and its forms.
//!
//! Each form does what an operation of the API does, by the same use case, or what only a page can. What succeeded leads
//! back to the page by GET; what was refused shows the page again with what was written.

pub(super) mod begin_totp;
pub(super) mod change_email;
pub(super) mod change_password;
pub(super) mod confirm_totp;
pub(super) mod create_passkey;
pub(super) mod create_personal_token;
pub(super) mod delete_account;
pub(super) mod delete_passkey;
pub(super) mod delete_personal_token;
pub(super) mod delete_totp;
pub(super) mod end_all_sessions;
pub(super) mod end_session;
pub(super) mod export;
pub(super) mod join_organization;
pub(super) mod leave_organization;
mod lines;
pub(super) mod new_recovery_codes;
mod page;
pub(super) mod passkey_options;
mod proof;
pub(super) mod remove_picture;
pub(super) mod rename_passkey;
pub(super) mod send_verification;
pub(super) mod show;
pub(super) mod step_up;
pub(super) mod step_up_options;
pub(super) mod switch_organization;
pub(super) mod update_picture;
pub(super) mod update_profile;
pub(super) mod withdraw_consent;
pub(super) mod withdraw_operator_command;

use axum::response::Response;

use super::call::Call;
use super::cookies;
use super::forms::{Form, FormOf};
use super::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::account_page::SignedIn;
use crate::usecase::authorized::Caller;

/// A form of the page as this very session got it, and who sends it.
pub(super) fn submitted(call: &Call) -> Result<(Caller, Form), Failure> {
    let caller = call.caller()?;
    let form = call.form(FormOf::Session(caller.credential.digest()))?;
    Ok((caller, form))
}

/// Back to the page, at the section that the form was in.
fn done(call: &Call, notice: Notice, section: &str) -> Result<Response, Failure> {
    call.page().see_other(&format!("/account?done={}#{section}", notice.code()))
}

/// The answer with which the browser gets the session's next cookies.
pub(super) fn with_cookies(mut response: Response, next: &SignedIn) -> Response {
    cookies::begin_session(&mut response, &next.page, next.embedded.as_deref(), next.lifetime);
    response
}

/// The answer to a person who is not signed in any more.
fn signed_out(call: &Call) -> Result<Response, Failure> {
    let mut response = call.page().see_other("/")?;
    cookies::end_session(&mut response);
    Ok(response)
}
