//! From the core's answer to the runtime's.

use axum::response::Response;
use http::header::CONTENT_ENCODING;
use http_body::Body as _;
use js_sys::{JSON, Uint8Array};
use serde::Serialize;
use worker::wasm_bindgen::JsCast as _;
use worker::web_sys::{self, ResponseInit};

/// `ResponseInit` of the Fetch standard, with the runtime's own `encodeBody`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Init<'a> {
    status: u16,
    headers: Vec<(&'a str, &'a str)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encode_body: Option<&'static str>,
}

/// A body known in full goes out as bytes with its length; the runtime's streaming path costs half the throughput. The
/// status and all headers cross to JavaScript at once.
/// Real streams stay streams. What is compressed already stays as it is.
pub(super) async fn send(response: Response) -> worker::Result<web_sys::Response> {
    if response.body().size_hint().exact().is_none() {
        return worker::response_to_wasm(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.map_err(|error| error.to_string())?;
    let headers = parts.headers.iter().map(|(name, value)| Ok((name.as_str(), value.to_str()?)));
    let init = Init {
        status: parts.status.as_u16(),
        headers: headers.collect::<Result<_, http::header::ToStrError>>().map_err(|error| error.to_string())?,
        encode_body: parts.headers.contains_key(CONTENT_ENCODING).then_some("manual"),
    };
    let init: ResponseInit = JSON::parse(&serde_json::to_string(&init)?)?.unchecked_into();
    // A status that allows no body takes none, not an empty one.
    let body = (!bytes.is_empty()).then(|| Uint8Array::from(&*bytes));
    Ok(web_sys::Response::new_with_opt_buffer_source_and_init(body.as_deref(), &init)?)
}
