//! `POST /account/second-factor/totp`

use axum::response::Response;

use super::page::{self, Said};
use super::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::http::proof::Proof;
use crate::usecase::second_factor::begin_totp::begin_totp;
use crate::usecase::step_up::{CODE_WANTED, PROOF_MISSING};
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the secret.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let proof = Proof::of_form(&form, "mfa_password", "mfa_code");
    let problem = match begin_totp(&call.app, &caller, proof.presented()).await {
        Ok(enrolment) => {
            let said = Said { enrolment: Some(&enrolment), ..Said::default() };
            return page::show(&call, &caller, &said).await.map(answer::never_stored);
        }
        Err(Failure::Refused(Refusal::Forbidden(CODE_WANTED))) => Problem::MfaCodeWrong,
        Err(Failure::Refused(Refusal::Forbidden(_))) if form.has("mfa_code") => Problem::MfaCodeWrong,
        Err(Failure::Refused(Refusal::Forbidden(PROOF_MISSING))) => Problem::MfaProofMissing,
        Err(Failure::Refused(Refusal::Forbidden(_))) => Problem::MfaProofWrong,
        Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::AlreadyEnrolled,
        Err(other) => return Err(other),
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}
