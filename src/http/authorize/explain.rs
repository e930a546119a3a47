//! `GET /ooops`: why an authorization did not come about.

use axum::response::Response;
use http::StatusCode;

use super::visit::Visit;
use crate::http::call::Call;
use crate::http::pages::{self, Csp};
use crate::usecase::Failure;

#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let query = |name| call.query_pairs().into_iter().find_map(|(key, value)| (key == name).then_some(value));
    let (exception, detail) = (query("oauth_exception"), query("exception_details"));
    let page = pages::Error::of(visit.own_frame(), exception.as_deref(), detail.as_deref());
    Ok(visit.finish(pages::respond(StatusCode::BAD_REQUEST, &page, Csp::Own)?))
}
