//! `GET /.well-known/security.txt`: where to report a vulnerability (RFC 9116). 404 where the operator has named nobody.

use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::http::call::Call;
use crate::usecase::{Failure, Refusal};

/// How long a reader may rely on it: less than a year is what the RFC recommends.
const GOOD_FOR: Duration = Duration::from_hours(30 * 24);

#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let config = call.app.config();
    let Some(contact) = &config.security_contact else {
        return Err(Refusal::NotFound { resource: "security_contact", id: None }.into());
    };
    let expires = call.app.now().plus(GOOD_FOR).rfc3339();
    let canonical = format!("{}/.well-known/security.txt", config.public_url);
    let text = format!("Contact: {contact}\nExpires: {expires}\nCanonical: {canonical}\nPreferred-Languages: en, pl\n");
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    Ok(response)
}
