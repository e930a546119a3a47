//! From the core's answer to the runtime's.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;

use axum::body::{Body, Bytes, HttpBody as _};
use axum::response::Response;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, ETAG, LINK, LOCATION, SET_COOKIE};
use js_sys::Array;
use wasm_bindgen::prelude::*;
use worker::web_sys;

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    /// `fields` are kept under `number`, if there is one; without them, those kept under it are meant.
    #[wasm_bindgen(catch)]
    fn respond(
        status: u16,
        fields: Option<&str>,
        kept: &Array,
        number: Option<u32>,
        body: &[u8],
        encoded: bool,
    ) -> Result<web_sys::Response, JsValue>;
}

/// Sets of header fields that are kept as the runtime's `Headers`.
const MOST_KEPT: usize = 64;

thread_local! {
    static KEPT: Array = Array::new();
    /// Where in `KEPT` which fields are.
    static NUMBERS: RefCell<HashMap<String, u32>> = RefCell::default();
}

/// A body known in full goes out as bytes with its length; the runtime's streaming path costs half the throughput.
/// Real streams stay streams. What is compressed already stays as it is.
pub(super) async fn send(response: Response) -> worker::Result<web_sys::Response> {
    if response.body().size_hint().exact().is_none() {
        return worker::response_to_wasm(response);
    }
    let (parts, body) = response.into_parts();
    let bytes = whole(body).await.map_err(|error| error.to_string())?;
    let fields = fields(&parts.headers).map_err(|error| error.to_string())?;
    let encoded = parts.headers.contains_key(CONTENT_ENCODING);
    let respond = |fields: Option<&str>, number| {
        KEPT.with(|kept| respond(parts.status.as_u16(), fields, kept, number, &bytes, encoded))
    };
    if !is_common(&parts.headers) {
        return Ok(respond(Some(&fields), None)?);
    }
    if let Some(number) = NUMBERS.with_borrow(|numbers| numbers.get(&fields).copied()) {
        return Ok(respond(None, Some(number))?);
    }
    let number = NUMBERS.with_borrow(HashMap::len) % MOST_KEPT;
    let number = u32::try_from(number).map_err(|error| error.to_string())?;
    let response = respond(Some(&fields), Some(number))?;
    NUMBERS.with_borrow_mut(|numbers| remember(numbers, fields, number));
    Ok(response)
}

/// What is known in full comes in one piece.
async fn whole(mut body: Body) -> Result<Bytes, axum::Error> {
    let mut whole = Bytes::new();
    while !body.is_end_stream() {
        let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await else { break };
        let piece = frame?.into_data().unwrap_or_default();
        whole = if whole.is_empty() { piece } else { [whole, piece].concat().into() };
    }
    Ok(whole)
}

/// Once there are too many, from the beginning: what is kept under a number is replaced.
fn remember(numbers: &mut HashMap<String, u32>, fields: String, number: u32) {
    if number == 0 {
        numbers.clear();
    }
    numbers.insert(fields, number);
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
