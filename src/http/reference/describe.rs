//! `GET /openapi.json`

use std::future::{Ready, ready};
use std::sync::LazyLock;

use axum::response::Response;

use super::document::Document;
use crate::http::call::Call;
use crate::usecase::Failure;

static DESCRIPTION: LazyLock<Document> =
    LazyLock::new(|| Document::new(include_str!("../../../docs/openapi.json"), "application/json"));

pub(in crate::http) fn handler(call: Call) -> Ready<Result<Response, Failure>> {
    ready(Ok(DESCRIPTION.answer(&call)))
}
