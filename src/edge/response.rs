//! From the core's answer to the runtime's.

use axum::response::Response;
use http::header::CONTENT_ENCODING;
use http_body::Body as _;
use worker::{EncodeBody, Headers, ResponseBuilder, web_sys};

/// A body known in full goes out as bytes with its length; the runtime's streaming path costs half the throughput.
/// Real streams stay streams. What is compressed already stays as it is.
pub(super) async fn send(response: Response) -> worker::Result<web_sys::Response> {
    if response.body().size_hint().exact().is_none() {
        return worker::response_to_wasm(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|error| error.to_string())?;
    let mut builder =
        ResponseBuilder::new().with_status(parts.status.as_u16()).with_headers(Headers::from(&parts.headers));
    if parts.headers.contains_key(CONTENT_ENCODING) {
        builder = builder.with_encode_body(EncodeBody::Manual);
    }
    let known = if bytes.is_empty() { builder.empty() } else { builder.fixed(Vec::from(bytes)) };
    Ok(known.into())
}
