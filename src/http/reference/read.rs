//! `GET /docs`

use std::sync::LazyLock;

use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use http::header::CONTENT_SECURITY_POLICY;
use sha2::{Digest as _, Sha256};

use super::document::Document;
use crate::http::call::Call;
use crate::usecase::Failure;

const GZIP: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/reference.html.gz"));

struct Page {
    document: Document,
    policy: HeaderValue,
}

static PAGE: LazyLock<Page> = LazyLock::new(|| {
    let document = Document::new(GZIP, "text/html; charset=utf-8");
    let policy = policy(&String::from_utf8_lossy(&document.text().unwrap_or_default()));
    Page { document, policy }
});

#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let mut response = PAGE.document.answer(&call)?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE.policy.clone());
    Ok(response)
}

/// Allows the one style element of the page, by its hash, and nothing else.
fn policy(page: &str) -> HeaderValue {
    const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'");
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>"));
    let hash = STANDARD.encode(Sha256::digest(style.map_or("", |(style, _)| style)));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(NOTHING)
}
