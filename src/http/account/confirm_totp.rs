//! `POST /account/second-factor/totp/confirm`

use axum::response::Response;

use super::page::{self, Said};
use super::submitted;
use crate::domain::totp::Code;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::usecase::second_factor::confirm_totp::confirm_totp;
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the codes.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let problem = match Code::parse(form.text("code")) {
        Err(_) => Problem::CodeWrong,
        Ok(code) => match confirm_totp(&call.app, &caller, code).await {
            Ok(codes) => {
                let said = Said { recovery_codes: &codes, ..Said::default() };
                return page::show(&call, &caller, &said).await.map(answer::never_stored);
            }
            Err(Failure::Refused(Refusal::Invalid(_))) => Problem::CodeWrong,
            Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::AlreadyEnrolled,
            Err(Failure::Refused(Refusal::NotFound { .. })) => Problem::Gone,
            Err(other) => return Err(other),
        },
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}
