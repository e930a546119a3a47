//! The token endpoint's errors, and the names that the v1 paths put beside (API, sections 2.5 and 2.9).
//!
//! Bodies are those of the v2 API; the statuses are the API's, not those of RFC 6749 section 5.2.

use axum::response::Response;
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::problem::{self, Body, Send};
use crate::app::App;
use crate::http::answer;
use crate::oauth::refusal::OAuthRefusal;
use crate::usecase::Failure;

/// Every failure of `/v2/token`.
pub(super) fn response(app: &App, failure: Failure) -> Response {
    problem::told(app, failure, problem::send)
}

/// Every failure of `/token` and `/info`.
pub(super) fn response_v1(app: &App, failure: Failure) -> Response {
    problem::told(app, failure, send_v1)
}

/// A refusal in the protocol's words. Challenges only a client that used the Authorization header.
pub(super) fn refused(refusal: OAuthRefusal, request_id: &str, send: Send) -> Response {
    let response = send(status(refusal), Body::new(refusal.code(), refusal.description(), request_id));
    match refusal {
        OAuthRefusal::InvalidClient { in_header: true } => {
            problem::with(response, WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"accounts\""))
        }
        _ => response,
    }
}

const fn status(refusal: OAuthRefusal) -> StatusCode {
    match refusal {
        OAuthRefusal::InvalidRequest(_) => StatusCode::UNPROCESSABLE_ENTITY,
        OAuthRefusal::InvalidClient { .. } | OAuthRefusal::InvalidGrant | OAuthRefusal::UnauthorizedClient(_) => {
            StatusCode::UNAUTHORIZED
        }
        OAuthRefusal::UnsupportedGrantType
        | OAuthRefusal::UnsupportedResponseType(_)
        | OAuthRefusal::InvalidScope
        | OAuthRefusal::AccessDenied(_)
        | OAuthRefusal::MissingGrant => StatusCode::FORBIDDEN,
    }
}

#[derive(Serialize)]
struct V1<'a> {
    oauth_exception: &'a str,
    exception_description: &'a str,
    #[serde(flatten)]
    body: &'a Body<'a>,
}

fn send_v1(status: StatusCode, body: Body<'_>) -> Response {
    let v1 = V1 { oauth_exception: body.error, exception_description: body.error_description, body: &body };
    // Texts only: the JSON form cannot fail.
    answer::bytes_of(status, serde_json::to_vec(&v1).unwrap_or_default())
}
