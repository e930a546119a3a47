//! `GET /defaults`: takes every cookie of this service from the browser. Sessions live on; `/signout` ends them.

use axum::response::Response;

use super::sign_out::by_the_person;
use super::visit::see_other;
use crate::http::call::Call;
use crate::http::cookies;
use crate::usecase::Failure;

/// Only for who wrote the address or followed a link of this service; a page elsewhere can at most bring a browser here.
#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let from_a_browser = call.header(http::HeaderName::from_static("sec-fetch-site")).is_some();
    let mut response = see_other("/")?;
    if by_the_person(&call) || !from_a_browser {
        cookies::forget(&mut response);
    }
    Ok(response)
}
