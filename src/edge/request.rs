//! From the runtime's request to the core's.

use axum::body::Body;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use worker::wasm_bindgen_futures::JsFuture;
use worker::web_sys;

use crate::http::MAX_BODY_BYTES;

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    fn head(request: &web_sys::Request) -> String;
}

/// A body that says that it is small is read whole; any other stays a stream, which the core cuts off at its limit.
pub(super) async fn receive(request: web_sys::Request) -> worker::Result<Request<Body>> {
    let head = head(&request);
    let mut lines = head.split('\n');
    let mut received = Request::new(Body::empty());
    let method = lines.next().unwrap_or_default();
    *received.method_mut() = Method::from_bytes(method.as_bytes()).map_err(|error| error.to_string())?;
    let url = lines.next().unwrap_or_default();
    *received.uri_mut() = url.parse().map_err(|error: http::uri::InvalidUri| error.to_string())?;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|error| error.to_string())?;
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|error| error.to_string())?;
        received.headers_mut().append(name, value);
    }
    if !matches!(*received.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        *received.body_mut() = body(&request, received.headers()).await?;
    }
    Ok(received)
}

async fn body(request: &web_sys::Request, headers: &HeaderMap) -> worker::Result<Body> {
    let length = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length <= MAX_BODY_BYTES) {
        let buffer = JsFuture::from(request.array_buffer()?).await?;
        return Ok(Body::from(Uint8Array::new(&buffer).to_vec()));
    }
    Ok(request.body().map_or_else(Body::empty, |stream| Body::new(worker::Body::new(stream))))
}
