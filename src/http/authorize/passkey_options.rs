//! `POST /signin/passkey/options`: what a browser needs before it asks for a passkey.

use axum::response::Response;

use super::visit::Visit;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::passkeys::credential::request_options;
use crate::usecase::Failure;
use crate::usecase::sign_in::with_passkey::options;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    visit.form()?;
    let challenge = options(&call.app, &visit.visitor).await?;
    answer::ok(&request_options(&call.app, challenge, &[])).map(answer::never_stored)
}
