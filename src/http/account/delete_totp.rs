//! `POST /account/second-factor/totp/delete`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted};
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::second_factor::delete_totp::delete_totp;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let code = form.written("disable_code");
    let problem = match delete_totp(&call.app, &caller, code).await {
        Ok(()) => return done(&call, Notice::SecondFactorDisabled, "second_factor"),
        Err(Failure::Refused(Refusal::Forbidden(_))) => Problem::DisableCodeWrong,
        Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::SecondFactorDemanded,
        Err(Failure::Refused(Refusal::NotFound { .. })) => Problem::Gone,
        Err(other) => return Err(other),
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}
