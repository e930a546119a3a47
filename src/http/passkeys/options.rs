//! `POST /v2/accounts/me/passkeys/options`

use axum::response::Response;

use super::credential::creation_options;
use super::delete::proof;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::passkeys::options::options;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let password = proof(call.optional_fields()?)?;
    let creation = options(&call.app, &caller, password.as_ref()).await?;
    answer::ok(&creation_options(&call.app, &creation)).map(answer::never_stored)
}
