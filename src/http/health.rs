//! `GET /health`: for load balancers and people. Holds no secret and no setting.

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::answer;
use super::call::Call;
use crate::domain::id::RequestId;
use crate::usecase::{Failure, health};

#[derive(Serialize)]
struct Body {
    version: &'static str,
    schema_version: Option<u32>,
    database: &'static str,
    cache: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<RequestId>,
}

/// 503 when the database cannot be reached; the service works without the cache, only more slowly.
pub(super) async fn handler(call: Call) -> Result<Response, Failure> {
    let health = health::check(&call.app).await;
    let able = health.schema_version.is_some();
    let word = |reached: bool| if reached { "ok" } else { "unreachable" };
    let body = Body {
        version: env!("CARGO_PKG_VERSION"),
        schema_version: health.schema_version,
        database: word(able),
        cache: word(health.cache),
        request_id: (!able).then(|| call.app.request_id()),
    };
    answer::json(if able { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, &body)
}
