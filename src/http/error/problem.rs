//! The v2 API's errors (API, section 2.9).

use axum::response::Response;
use http::header::{HeaderName, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use super::oauth;
use crate::app::App;
use crate::http::answer;
use crate::http::log::Reason;
use crate::usecase::{Failure, Fault, InvalidFields, Refusal};

/// Seconds after which a caller may try again when storage did not answer.
const RETRY_SECONDS: u64 = 2;

/// What the caller reads.
#[derive(Default, Serialize)]
pub(super) struct Body<'a> {
    pub(super) error: &'static str,
    pub(super) error_description: &'a str,
    request_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    invalid_fields: Option<&'a InvalidFields>,
}

impl<'a> Body<'a> {
    /// What every error says.
    pub(super) fn new(error: &'static str, error_description: &'a str, request_id: &'a str) -> Self {
        Self { error, error_description, request_id, ..Self::default() }
    }
}

/// How a body is put on the wire: as it is, or with the names of v1 beside.
pub(super) type Send = fn(StatusCode, Body<'_>) -> Response;

/// Every failure of a v2 route.
pub(super) fn response(app: &App, failure: Failure) -> Response {
    told(app, failure, send)
}

/// Every failure, put on the wire by `send`.
pub(super) fn told(app: &App, failure: Failure, send: Send) -> Response {
    let id = app.request_id().to_string();
    match failure {
        Failure::Refused(refusal) => refused(&refusal, &id, send),
        Failure::Fault(fault) => faulty(&fault, &id, send),
    }
}

fn refused(refusal: &Refusal, request_id: &str, send: Send) -> Response {
    let body = Body { request_id, ..Body::default() };
    match refusal {
        Refusal::Malformed(error_description) => {
            send(StatusCode::BAD_REQUEST, Body { error: "bad_request", error_description, ..body })
        }
        Refusal::TooLarge => {
            let error_description = "The body is too large.";
            send(StatusCode::PAYLOAD_TOO_LARGE, Body { error: "bad_request", error_description, ..body })
        }
        Refusal::Unauthenticated { presented } => {
            let error_description = "The account is not authorized.";
            let challenge = match presented {
                true => HeaderValue::from_static("Bearer realm=\"accounts\", error=\"invalid_token\""),
                false => HeaderValue::from_static("Bearer realm=\"accounts\", Basic realm=\"accounts\""),
            };
            let response = send(StatusCode::UNAUTHORIZED, Body { error: "unauthorized", error_description, ..body });
            with(response, WWW_AUTHENTICATE, challenge)
        }
        Refusal::InsufficientScope(scopes) => {
            let error_description = "The token or the roles of the account lack the scope for this.";
            let sub_error = Some("insufficient_scope");
            let body = Body { error: "access_denied", error_description, sub_error, ..body };
            let challenge = format!("Bearer realm=\"accounts\", error=\"insufficient_scope\", scope=\"{scopes}\"");
            let challenge = HeaderValue::try_from(challenge).unwrap_or(HeaderValue::from_static("Bearer"));
            with(send(StatusCode::FORBIDDEN, body), WWW_AUTHENTICATE, challenge)
        }
        Refusal::StaleForm => {
            let error_description = "The form is not of this browser, or too old.";
            send(StatusCode::FORBIDDEN, Body { error: "access_denied", error_description, ..body })
        }
        Refusal::Forbidden(error_description) => {
            send(StatusCode::FORBIDDEN, Body { error: "access_denied", error_description, ..body })
        }
        Refusal::SecondFactorDue => {
            let error_description = "The organization demands a second factor, and the account has none.";
            let sub_error = Some("second_factor_required");
            send(StatusCode::FORBIDDEN, Body { error: "access_denied", error_description, sub_error, ..body })
        }
        Refusal::NotFound { resource, id } => {
            let error_description = "The requested resource could not be found.";
            let (resource_name, resource_id) = (Some(*resource), id.as_deref());
            let body = Body { error: "resource_not_found", error_description, resource_name, resource_id, ..body };
            send(StatusCode::NOT_FOUND, body)
        }
        Refusal::Conflict { resource, description: error_description } => {
            let body = Body { error: "conflict", error_description, resource_name: Some(resource), ..body };
            send(StatusCode::CONFLICT, body)
        }
        Refusal::Invalid(fields) => {
            let error_description = "A parameter is missing, invalid or malformed; see invalid_fields.";
            let invalid_fields = Some(fields);
            let body = Body { error: "invalid_request", error_description, invalid_fields, ..body };
            send(StatusCode::UNPROCESSABLE_ENTITY, body)
        }
        Refusal::OAuth(refusal) => oauth::refused(*refusal, request_id, send),
        Refusal::Identity(refusal) => {
            let error_description = "The sign-in did not succeed.";
            send(StatusCode::UNAUTHORIZED, Body { error: refusal.code(), error_description, ..body })
        }
        Refusal::Throttled { retry_after } => {
            let error_description = "Too many attempts; try again later.";
            let body = Body { error: "temporarily_unavailable", error_description, ..body };
            with(send(StatusCode::TOO_MANY_REQUESTS, body), RETRY_AFTER, (*retry_after).into())
        }
    }
}

fn faulty(fault: &Fault, request_id: &str, send: Send) -> Response {
    let mut response = match fault {
        Fault::Unavailable(_) => unavailable(request_id, send),
        Fault::Internal(_) => {
            let error_description = "The server met an unexpected condition.";
            let body = Body { error: "server_error", error_description, request_id, ..Body::default() };
            send(StatusCode::INTERNAL_SERVER_ERROR, body)
        }
    };
    response.extensions_mut().insert(Reason(fault.to_string()));
    response
}

/// No route has this path.
pub(in crate::http) fn no_such_path(app: &App) -> Response {
    let id = app.request_id().to_string();
    let error_description = "There is nothing at this path.";
    send(
        StatusCode::NOT_FOUND,
        Body { error: "resource_not_found", error_description, request_id: &id, ..Body::default() },
    )
}

/// A route has this path, for other methods; the router names them in `Allow`.
pub(in crate::http) fn method_not_allowed(app: &App) -> Response {
    let id = app.request_id().to_string();
    let error_description = "This path does not take this method; see the Allow header.";
    let body = Body { error: "bad_request", error_description, request_id: &id, ..Body::default() };
    send(StatusCode::METHOD_NOT_ALLOWED, body)
}

/// Secrets are missing.
pub(in crate::http) fn unconfigured(request_id: &str) -> Response {
    unavailable(request_id, send)
}

fn unavailable(request_id: &str, send: Send) -> Response {
    let error_description = "The service cannot answer now; try again shortly.";
    let body = Body { error: "temporarily_unavailable", error_description, request_id, ..Body::default() };
    with(send(StatusCode::SERVICE_UNAVAILABLE, body), RETRY_AFTER, RETRY_SECONDS.into())
}

pub(super) fn send(status: StatusCode, body: Body<'_>) -> Response {
    // A struct of texts and a map of texts: its JSON form cannot fail.
    answer::bytes_of(status, serde_json::to_vec(&body).unwrap_or_default())
}

pub(super) fn with(mut response: Response, name: HeaderName, value: HeaderValue) -> Response {
    response.headers_mut().insert(name, value);
    response
}
