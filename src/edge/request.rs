//! From the runtime's request to the core's.

use axum::body::Body;
use http::header::CONTENT_LENGTH;
use http::{HeaderName, HeaderValue, Method, Request};
use js_sys::{Array, JSON, Uint8Array};
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys;

use crate::http::MAX_BODY_BYTES;

/// Every step across the border of JavaScript costs more than what is done with it, so the headers cross at once, and
/// nothing crosses that nobody reads: the abort signal, and what the platform knows about the connection.
///
/// A body that says it is small is read whole; another stays a stream, which the core cuts off at its limit.
pub(super) async fn receive(request: web_sys::Request) -> worker::Result<Request<Body>> {
    let method = Method::from_bytes(request.method().as_bytes()).map_err(|error| error.to_string())?;
    let mut received = Request::new(Body::empty());
    *received.uri_mut() = request.url().parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    let headers = String::from(JSON::stringify(&Array::from(&request.headers()))?);
    let headers: Vec<(String, String)> = serde_json::from_str(&headers)?;
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| error.to_string())?;
        received.headers_mut().append(name, value);
    }
    if !matches!(method, Method::GET | Method::HEAD | Method::OPTIONS) {
        *received.body_mut() = body(&request, &received).await?;
    }
    *received.method_mut() = method;
    Ok(received)
}

async fn body(request: &web_sys::Request, received: &Request<Body>) -> worker::Result<Body> {
    let length = received.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length <= MAX_BODY_BYTES) {
        let buffer = JsFuture::from(request.array_buffer()?).await?;
        return Ok(Body::from(Uint8Array::new(&buffer).to_vec()));
    }
    Ok(request.body().map_or_else(Body::empty, |stream| Body::new(worker::Body::new(stream))))
}
