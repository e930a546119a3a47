//! `POST /v2/accounts/me/mfa/totp/confirm`

use axum::response::Response;

use super::shown_once;
use crate::domain::totp::Code;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::second_factor::confirm_totp::confirm_totp;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let mut fields = call.fields()?;
    let code = fields.required_text("code", Code::parse);
    let code = fields.finish(code)?;
    shown_once(confirm_totp(&call.app, &caller, code).await?)
}
