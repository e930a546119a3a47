//! From the core's answer to the runtime's.

use std::cell::RefCell;
use std::collections::HashMap;

use axum::body::{HttpBody as _, to_bytes};
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

/// Sets of header fields that are kept as the runtime's `Headers`; one more, and it begins anew.
const MOST_KEPT: usize = 64;

/// Header fields of former answers, as text and as the runtime's `Headers` under one number. Of this instance of the wasm.
#[derive(Default)]
struct Kept {
    headers: Array,
    numbers: HashMap<String, u32>,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

impl Kept {
    /// An answer whose header fields other answers have too.
    fn respond(
        &mut self,
        status: u16,
        fields: String,
        body: &[u8],
        encoded: bool,
    ) -> worker::Result<web_sys::Response> {
        let Self { headers, numbers } = self;
        if let Some(number) = numbers.get(&fields) {
            return Ok(respond(status, None, headers, Some(*number), body, encoded)?);
        }
        if numbers.len() == MOST_KEPT {
            numbers.clear();
        }
        let number = u32::try_from(numbers.len()).map_err(|error| error.to_string())?;
        let response = respond(status, Some(&fields), headers, Some(number), body, encoded)?;
        numbers.insert(fields, number);
        Ok(response)
    }
}

/// A body known in full goes out as bytes with its length; the runtime's streaming path costs half the throughput.
/// Real streams stay streams. What is compressed already stays as it is.
pub(super) async fn send(response: Response) -> worker::Result<web_sys::Response> {
    if response.body().size_hint().exact().is_none() {
        return worker::response_to_wasm(response);
    }
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|error| error.to_string())?;
    let fields = fields(&parts.headers).map_err(|error| error.to_string())?;
    let (status, encoded) = (parts.status.as_u16(), parts.headers.contains_key(CONTENT_ENCODING));
    match is_common(&parts.headers) {
        true => KEPT.with_borrow_mut(|kept| kept.respond(status, fields, &body, encoded)),
        false => Ok(KEPT.with_borrow(|kept| respond(status, Some(&fields), &kept.headers, None, &body, encoded))?),
    }
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
