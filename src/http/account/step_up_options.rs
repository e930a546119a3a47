//! `POST /account/step-up/options`: what a browser needs before it asks for a passkey of this very account.

use axum::response::Response;

use super::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::passkeys::credential::request_options;
use crate::usecase::Failure;
use crate::usecase::passkeys::prove::ask;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    let (challenge, allowed) = ask(&call.app, &caller).await?;
    answer::ok(&request_options(&call.app, challenge, &allowed)).map(answer::never_stored)
}
