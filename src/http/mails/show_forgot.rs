//! `GET /forgot`: asks for an address.

use axum::response::Response;
use http::StatusCode;

use super::forgot::form;
use super::page::told;
use crate::http::call::Call;
use crate::http::pages::Outcome;
use crate::usecase::Failure;

#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    match call.query("done")? {
        Some(_) => told(&call, StatusCode::OK, Outcome::ResetSent),
        None => form(&call, StatusCode::OK, "", &[]),
    }
}
