//! `POST /reset`: another password, by who has the mail. Signs nobody in (row E9).

use axum::response::Response;
use http::StatusCode;

use super::page::{Reader, chosen, done, gone_or};
use crate::http::call::Call;
use crate::http::pages::{Csp, Problem, Reset, respond};
use crate::oauth::mail_link::Purpose;
use crate::usecase::Failure;
use crate::usecase::mail::link::look;
use crate::usecase::mail::reset_password::reset_password;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let sent = Reader::of(&call)?.form()?;
    let token = sent.text("token");
    let problem = match chosen(&call, sent.text("password")) {
        Ok(password) => return done(&call, reset_password(&call.app, token, &password).await),
        Err(problem) => problem,
    };
    match look(&call.app, Purpose::Reset, token).await {
        Ok(found) => form(&call, StatusCode::UNPROCESSABLE_ENTITY, token, &found.email, &[problem]),
        Err(failure) => gone_or(&call, failure),
    }
}

/// The form; `problems` are those of one that was sent.
pub(super) fn form(
    call: &Call,
    status: StatusCode,
    token: &str,
    email: &str,
    problems: &[Problem],
) -> Result<Response, Failure> {
    let reader = Reader::of(call)?;
    let (around, field) = (call.page(), reader.token()?);
    let here = format!("/reset?token={}", form_urlencoded::byte_serialize(token.as_bytes()).collect::<String>());
    let min_password = call.app.config().profile.min_password_length();
    let screen = Reset { frame: around.frame_at(&here), form: &field, token, email, min_password, problems };
    Ok(reader.finish(respond(status, &screen, Csp::Own)?))
}
