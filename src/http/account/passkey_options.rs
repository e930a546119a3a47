//! `POST /account/passkeys/options`: what a browser needs before it makes a passkey. Read by the page's script.

use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use super::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::http::passkeys::credential::creation_options;
use crate::http::proof::Proof;
use crate::usecase::passkeys::options::options;
use crate::usecase::step_up::CODE_WANTED;
use crate::usecase::{Failure, Refusal};

/// What is refused is said in words that the script shows beside the form.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let proof = Proof::of_form(&form, "passkey_password", "passkey_code");
    let problem = match options(&call.app, &caller, proof.presented()).await {
        Ok(creation) => return answer::ok(&creation_options(&call.app, &creation)).map(answer::never_stored),
        Err(Failure::Refused(Refusal::Forbidden(CODE_WANTED))) => Problem::PasskeyCodeWrong,
        Err(Failure::Refused(Refusal::Forbidden(_))) if form.has("passkey_code") => Problem::PasskeyCodeWrong,
        Err(Failure::Refused(Refusal::Forbidden(_))) => Problem::PasskeyProofWrong,
        Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::TooManyPasskeys,
        Err(other) => return Err(other),
    };
    let words = problem.words(&call.page().frame());
    answer::json(StatusCode::UNPROCESSABLE_ENTITY, &json!({"problem": words})).map(answer::never_stored)
}
