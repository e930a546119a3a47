//! `POST /v2/accounts/me/passkeys/options`

use axum::response::Response;

use super::credential::creation_options;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::passkeys::options::options;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let mut fields = call.optional_fields()?;
    let proof = Proof::read(&mut fields);
    let proof = fields.finish(Some(proof))?;
    let creation = options(&call.app, &caller, proof.presented()).await?;
    answer::ok(&creation_options(&call.app, &creation)).map(answer::never_stored)
}
