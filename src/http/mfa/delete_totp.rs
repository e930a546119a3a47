//! `DELETE /v2/accounts/me/mfa/totp`

use axum::response::Response;

use super::code_alone;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::second_factor::delete_totp::delete_totp;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let code = code_alone(&call)?;
    delete_totp(&call.app, &caller, code.as_deref()).await?;
    Ok(answer::empty())
}
