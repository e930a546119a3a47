//! `POST /v2/accounts/me/email/verification`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::mail::send_verification::send_verification;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    call.optional_fields()?.finish(Some(()))?;
    send_verification(&call.app, &caller, call.page().language()).await?;
    Ok(answer::empty())
}
