//! `POST /set-up/confirm`: the code that the application shows.

use axum::response::Response;

use super::page::{self, State};
use crate::domain::totp::Code;
use crate::http::answer;
use crate::http::authorize::visit::Visit;
use crate::http::call::Call;
use crate::http::forms::FormOf;
use crate::http::pages::Problem;
use crate::usecase::second_factor::confirm_totp::confirm_totp;
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the recovery codes.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let caller = call.caller()?;
    let form = call.form(FormOf::Session(caller.credential.digest()))?;
    let handle = visit.named(form.text("request"))?;
    let Ok(code) = Code::parse(form.text("code")) else {
        return page::show(&visit, handle, State::Unconfirmed, &[Problem::CodeWrong]);
    };
    match confirm_totp(&call.app, &caller, code).await {
        Ok(codes) => page::show(&visit, handle, State::Done(&codes), &[]).map(answer::never_stored),
        Err(Failure::Refused(Refusal::Invalid(_))) => {
            page::show(&visit, handle, State::Unconfirmed, &[Problem::CodeWrong])
        }
        Err(Failure::Refused(Refusal::Conflict { .. } | Refusal::NotFound { .. })) => visit.see(handle),
        Err(other) => Err(other),
    }
}
