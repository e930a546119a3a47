//! A file that is compiled in and sent as it is.

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::http::call::Call;

/// A text with its validator.
pub(super) struct Document {
    text: &'static str,
    media_type: &'static str,
    etag: String,
}

impl Document {
    /// Hashes the text; once per isolate.
    pub(super) fn new(text: &'static str, media_type: &'static str) -> Self {
        let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(text)));
        Self { text, media_type, etag }
    }

    /// 200 with the text, or 304 when the caller has it (RFC 9110 section 13.1.2). Caches must ask each time, so that
    /// nobody reads the description of the deployment before.
    pub(super) fn answer(&self, call: &Call) -> Response {
        let known = call.header(IF_NONE_MATCH).is_some_and(|tags| self.is_among(tags));
        let mut response = Response::new(if known { Body::empty() } else { Body::from(self.text) });
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.extend(HeaderValue::try_from(&self.etag).map(|etag| (ETAG, etag)));
        match known {
            true => *response.status_mut() = StatusCode::NOT_MODIFIED,
            false => drop(headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type))),
        }
        response
    }

    fn is_among(&self, tags: &str) -> bool {
        tags.split(',').map(str::trim).any(|tag| tag == "*" || tag.trim_start_matches("W/") == self.etag)
    }
}
