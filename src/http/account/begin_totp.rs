//! `POST /account/second-factor/totp`

use axum::response::Response;

use super::page::{self, Said};
use super::submitted;
use crate::domain::password::Password;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::usecase::second_factor::begin_totp::begin_totp;
use crate::usecase::step_up::Presented;
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the secret.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let written = form.text("mfa_password");
    let password = (!written.is_empty()).then(|| Password::given(written));
    let proof = Presented { password: password.as_ref(), code: None };
    let problem = match begin_totp(&call.app, &caller, proof).await {
        Ok(enrolment) => {
            let said = Said { enrolment: Some(&enrolment), ..Said::default() };
            return page::show(&call, &caller, &said).await.map(answer::never_stored);
        }
        Err(Failure::Refused(Refusal::Forbidden(_))) => Problem::MfaProofWrong,
        Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::AlreadyEnrolled,
        Err(other) => return Err(other),
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}
