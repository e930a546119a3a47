//! `GET /assets/{name}`

use axum::body::Body;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use crate::http::call::Call;
use crate::http::pages::assets;
use crate::usecase::Failure;

/// A name that is not (or no longer) there is a plain 404: nobody looks at it, and no cache keeps it.
#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let Some(asset) = assets::find(call.param("name")?, &call.app.config().brand) else {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_FOUND;
        return Ok(response);
    };
    let mut response = Response::new(Body::from(asset.text));
    response.headers_mut().extend([
        (CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ]);
    Ok(response)
}
