//! `GET /reset`: asks for another password.

use axum::response::Response;
use http::StatusCode;

use super::page::{gone, gone_or, told};
use super::reset::form;
use crate::http::call::Call;
use crate::http::pages::Outcome;
use crate::oauth::mail_link::Purpose;
use crate::usecase::Failure;
use crate::usecase::mail::link::look;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let Some(token) = call.query("token")? else {
        return match call.query("done")? {
            Some(_) => told(&call, StatusCode::OK, Outcome::PasswordSet),
            None => gone(&call),
        };
    };
    match look(&call.app, Purpose::Reset, &token).await {
        Ok(found) => form(&call, StatusCode::OK, &token, &found.email, &[]),
        Err(failure) => gone_or(&call, failure),
    }
}
