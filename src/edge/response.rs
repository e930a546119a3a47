//! From the core's answer to the runtime's.

use axum::response::Response;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, ETAG, LINK, LOCATION, SET_COOKIE};
use http_body::Body as _;
use wasm_bindgen::prelude::*;
use worker::web_sys;

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    fn respond(status: u16, fields: &str, keep: bool, body: &[u8], encoded: bool)
    -> Result<web_sys::Response, JsValue>;
}

/// A body known in full goes out as bytes with its length; the runtime's streaming path costs half the throughput.
/// Real streams stay streams. What is compressed already stays as it is.
pub(super) async fn send(response: Response) -> worker::Result<web_sys::Response> {
    if response.body().size_hint().exact().is_none() {
        return worker::response_to_wasm(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|error| error.to_string())?;
    let fields = fields(&parts.headers).map_err(|error| error.to_string())?;
    let encoded = parts.headers.contains_key(CONTENT_ENCODING);
    Ok(respond(parts.status.as_u16(), &fields, is_common(&parts.headers), &bytes, encoded)?)
}

fn fields(headers: &HeaderMap) -> Result<String, http::header::ToStrError> {
    let mut fields = String::with_capacity(512);
    for (name, value) in headers {
        if !fields.is_empty() {
            fields.push('\n');
        }
        fields.push_str(name.as_str());
        fields.push(':');
        fields.push_str(value.to_str()?);
    }
    Ok(fields)
}

/// Whether other answers have the same fields. What one browser or caller alone is given is never kept.
fn is_common(headers: &HeaderMap) -> bool {
    ![SET_COOKIE, LOCATION, LINK, ETAG].iter().any(|name| headers.contains_key(name))
}
