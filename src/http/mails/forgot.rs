//! `POST /forgot`: a link to a new password, if there is an account. The answer does not tell whether (row E1).

use axum::response::Response;
use http::StatusCode;

use super::page::{Reader, done};
use crate::domain::email::Email;
use crate::http::call::Call;
use crate::http::pages::{Csp, Forgot, Problem, respond};
use crate::usecase::Failure;
use crate::usecase::mail::forgot::forgot;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let sent = Reader::of(&call)?.form()?;
    let written = sent.text("email");
    let problem = match Email::parse(written) {
        Ok(email) => return done(&call, forgot(&call.app, &email, call.page().language()).await),
        Err(_) if written.trim().is_empty() => Problem::EmailMissing,
        Err(_) => Problem::EmailInvalid,
    };
    form(&call, StatusCode::UNPROCESSABLE_ENTITY, written, &[problem])
}

/// The form; `problems` are those of one that was sent.
pub(super) fn form(call: &Call, status: StatusCode, email: &str, problems: &[Problem]) -> Result<Response, Failure> {
    let reader = Reader::of(call)?;
    let (around, token) = (call.page(), reader.token()?);
    let screen = Forgot { frame: around.frame_at("/forgot"), form: &token, email, problems };
    Ok(reader.finish(respond(status, &screen, Csp::Own)?))
}
