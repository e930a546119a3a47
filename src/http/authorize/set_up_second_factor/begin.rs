//! `POST /set-up`: what an authenticator application needs.

use axum::response::Response;

use super::page::{self, State};
use crate::domain::password::Password;
use crate::http::answer;
use crate::http::authorize::visit::Visit;
use crate::http::call::Call;
use crate::http::forms::FormOf;
use crate::http::pages::Problem;
use crate::usecase::second_factor::begin_totp::begin_totp;
use crate::usecase::step_up::{PROOF_MISSING, Presented};
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the secret.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let caller = call.caller()?;
    let form = call.form(FormOf::Session(caller.credential.digest()))?;
    let handle = visit.named(form.text("request"))?;
    let password = form.written("mfa_password").map(Password::given);
    let proof = Presented { password: password.as_ref(), code: None };
    match begin_totp(&call.app, &caller, proof).await {
        Ok(enrolment) => page::show(&visit, handle, State::Begun(&enrolment), &[]).map(answer::never_stored),
        Err(Failure::Refused(Refusal::Forbidden(PROOF_MISSING))) => {
            page::show(&visit, handle, State::Ask, &[Problem::MfaProofMissing])
        }
        Err(Failure::Refused(Refusal::Forbidden(_))) => {
            page::show(&visit, handle, State::Ask, &[Problem::MfaProofWrong])
        }
        // There is one by now.
        Err(Failure::Refused(Refusal::Conflict { .. })) => visit.see(handle),
        Err(other) => Err(other),
    }
}
