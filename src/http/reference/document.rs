//! A file that is compiled in, compressed, and sent as it is.

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY};
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::http::call::Call;
use crate::usecase::{Failure, Fault};

/// Bytes before and after the DEFLATE stream of a member of RFC 1952 without optional fields, as `build.rs` writes it.
const HEADER_BYTES: usize = 10;
const TRAILER_BYTES: usize = 8;
/// More than any document has.
const MAX_TEXT_BYTES: usize = 4 << 20;

/// A gzip member with its media type and validator.
pub(super) struct Document {
    gzip: &'static [u8],
    media_type: &'static str,
    etag: String,
}

impl Document {
    /// Hashes the bytes; once per isolate. The validator is weak, because it is the same for both codings.
    pub(super) fn new(gzip: &'static [u8], media_type: &'static str) -> Self {
        let etag = format!("W/\"{}\"", URL_SAFE_NO_PAD.encode(Sha256::digest(gzip)));
        Self { gzip, media_type, etag }
    }

    /// 200 with the text, or 304 when the caller has it (RFC 9110 section 13.1.2). Caches must ask each time, so that
    /// nobody reads the description of the deployment before. Compressed for whoever takes that, and nobody else.
    pub(super) fn answer(&self, call: &Call) -> Result<Response, Failure> {
        let known = call.header(IF_NONE_MATCH).is_some_and(|tags| self.is_among(tags));
        let compressed = call.header(ACCEPT_ENCODING).is_some_and(takes_gzip);
        let body = match (known, compressed) {
            (true, _) => Body::empty(),
            (false, true) => Body::from(self.gzip),
            (false, false) => Body::from(self.text()?),
        };
        let mut response = Response::new(body);
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        headers.extend(HeaderValue::try_from(&self.etag).map(|etag| (ETAG, etag)));
        if compressed && !known {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        match known {
            true => *response.status_mut() = StatusCode::NOT_MODIFIED,
            false => drop(headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type))),
        }
        Ok(response)
    }

    /// The text itself.
    pub(super) fn text(&self) -> Result<Vec<u8>, Failure> {
        let end = self.gzip.len().saturating_sub(TRAILER_BYTES);
        let deflated = self.gzip.get(HEADER_BYTES..end).unwrap_or_default();
        let text = miniz_oxide::inflate::decompress_to_vec_with_limit(deflated, MAX_TEXT_BYTES);
        text.map_err(|error| Fault::Internal(format!("a document that is compiled in: {error}")).into())
    }

    fn is_among(&self, tags: &str) -> bool {
        tags.split(',').map(str::trim).any(|tag| tag == "*" || weak(tag) == weak(&self.etag))
    }
}

/// Weak comparison (RFC 9110 section 8.8.3.2).
fn weak(tag: &str) -> &str {
    tag.strip_prefix("W/").unwrap_or(tag)
}

/// Whether an Accept-Encoding header takes gzip (RFC 9110 section 12.5.3): by name, or else by `*`, unless with `q=0`.
fn takes_gzip(header: &str) -> bool {
    let quality = |wanted: &[&str]| {
        header.split(',').find_map(|item| {
            let (coding, weight) = item.split_once(';').unwrap_or((item, ""));
            let named = wanted.iter().any(|name| coding.trim().eq_ignore_ascii_case(name));
            let weight = weight.trim().trim_start_matches(['q', 'Q']).trim_start_matches('=');
            named.then(|| weight.is_empty() || weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
        })
    };
    quality(&["gzip", "x-gzip"]).or_else(|| quality(&["*"])).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::takes_gzip;

    #[test]
    fn gzip_is_for_whoever_takes_it() {
        for header in ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.8", "x-gzip", "*", "identity, *;q=0.1"] {
            assert!(takes_gzip(header), "{header}");
        }
        for header in ["", "identity", "br", "gzip;q=0", "gzip; q=0.000", "*;q=0", "*, gzip;q=0", "gzipped", "gzip;q=x"]
        {
            assert!(!takes_gzip(header), "{header}");
        }
    }
}
