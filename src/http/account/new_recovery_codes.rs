//! `POST /account/second-factor/recovery_codes`

use axum::response::Response;

use super::page::{self, Said};
use super::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::usecase::second_factor::new_recovery_codes::new_recovery_codes;
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the codes.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let code = form.written("renew_code");
    let problem = match new_recovery_codes(&call.app, &caller, code).await {
        Ok(codes) => {
            let said = Said { recovery_codes: &codes, ..Said::default() };
            return page::show(&call, &caller, &said).await.map(answer::never_stored);
        }
        Err(Failure::Refused(Refusal::Forbidden(_))) => Problem::RenewCodeWrong,
        Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::Gone,
        Err(other) => return Err(other),
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}
