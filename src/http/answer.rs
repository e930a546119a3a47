//! Successful answers.

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, PRAGMA};
use http::{HeaderValue, StatusCode};
use serde::Serialize;

use crate::usecase::{Failure, Fault};

/// Room for most bodies, in bytes: none of these grows while it is written.
const USUAL_BODY_BYTES: usize = 1024;
/// Room for the header fields of an answer, for the same reason.
const USUAL_FIELDS: usize = 12;

/// 200 with a JSON body, made once and sent as bytes.
pub fn ok(body: &impl Serialize) -> Result<Response, Failure> {
    json(StatusCode::OK, body)
}

/// An answer that holds a token or a secret, with both headers of RFC 6749 section 5.1 (row T8).
pub fn never_stored(mut response: Response) -> Response {
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

/// 200 with `{}`: done, and nothing to tell (API, section 1.1).
pub fn empty() -> Response {
    bytes_of(StatusCode::OK, b"{}".to_vec())
}

/// 204: done, without a body (API, section 1.2).
pub fn nothing() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

/// A JSON body with a status of its own.
pub fn json(status: StatusCode, body: &impl Serialize) -> Result<Response, Failure> {
    let mut bytes = Vec::with_capacity(USUAL_BODY_BYTES);
    serde_json::to_writer(&mut bytes, body).map_err(|error| Fault::Internal(format!("answer: {error}")))?;
    Ok(bytes_of(status, bytes))
}

pub(super) fn bytes_of(status: StatusCode, bytes: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().reserve(USUAL_FIELDS);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}
