//! `GET /health`: for load balancers and people. Holds no secret and no setting.

use std::sync::Mutex;
use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::answer;
use super::call::Call;
use crate::domain::time::Timestamp;
use crate::usecase::{Failure, health};

/// How long a result is kept, so that probes cost nothing.
const KEPT: Duration = Duration::from_secs(5);

static LAST: Mutex<Option<(Timestamp, health::Health)>> = Mutex::new(None);

#[derive(Serialize)]
struct Body {
    version: &'static str,
    schema_version: Option<u32>,
    database: &'static str,
    cache: &'static str,
}

pub(super) async fn handler(call: Call) -> Result<Response, Failure> {
    let health = recent(&call).await;
    let word = |reached: bool| if reached { "ok" } else { "unreachable" };
    let body = Body {
        version: env!("CARGO_PKG_VERSION"),
        schema_version: health.schema_version,
        database: word(health.schema_version.is_some()),
        cache: word(health.cache),
    };
    let status = if health.schema_version.is_some() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    answer::json(status, &body)
}

async fn recent(call: &Call) -> health::Health {
    let now = call.app.now();
    let last = LAST.lock().ok().and_then(|last| last.clone());
    if let Some((at, health)) = last
        && at <= now
        && now.since(at) < KEPT
    {
        return health;
    }
    let health = health::check(&call.app).await;
    if let Ok(mut last) = LAST.lock() {
        *last = Some((now, health.clone()));
    }
    health
}
