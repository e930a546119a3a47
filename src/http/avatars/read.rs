//! `GET /avatars/{avatar_id}`

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName};
use http::{HeaderValue, StatusCode};

use crate::http::call::Call;
use crate::usecase::organization_settings::picture::{Stored, picture};
use crate::usecase::{Failure, Fault};

/// Somebody else's bytes: whatever they hold, a browser that opens them runs nothing and sends nothing. Any site may
/// show them, and what a picture's address shows never changes.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let found = match call.param("avatar_id")?.parse() {
        Ok(id) => picture(&call.app, id).await?,
        Err(_) => None,
    };
    let Some(Stored { content_type, bytes }) = found else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    };
    let content_type =
        HeaderValue::try_from(content_type).map_err(|error| Fault::Internal(format!("picture: {error}")))?;
    let mut response = Response::new(Body::from(bytes));
    response.headers_mut().extend([
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    ]);
    Ok(response)
}
