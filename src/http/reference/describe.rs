//! `GET /openapi.json`

use std::sync::LazyLock;

use axum::response::Response;

use super::document::Document;
use crate::http::call::Call;
use crate::usecase::Failure;

static DESCRIPTION: LazyLock<Document> =
    LazyLock::new(|| Document::new(include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json.gz")), "application/json"));

#[expect(clippy::unused_async, reason = "every endpoint is a future")]
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    DESCRIPTION.answer(&call)
}
