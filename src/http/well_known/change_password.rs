//! `GET /.well-known/change-password`: where password managers lead people (W3C, "A Well-Known URL for Changing
//! Passwords").

use axum::response::Response;

use crate::http::call::Call;
use crate::usecase::Failure;

#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    call.page().see_other("/account#security")
}
