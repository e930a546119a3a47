//! The adapters' contract on the real platform, and a deliberate panic. Built only for the e2e suite.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue};
use worker::Env;

use super::{cache::Kv, d1::D1};
use crate::ports::Clock as _;
use crate::ports::contract::{self, Check};
use crate::store;

pub(super) async fn answer(path: &str, env: &Env) -> Option<Response> {
    if let Some(kind) = path.strip_prefix("/contract/kinds/") {
        return Some(of_kind(kind));
    }
    let checks = match path {
        "/contract/database" => match store::contract::database(&D1::new(Arc::new(env.clone()))).await {
            Ok(checks) => checks,
            Err(error) => vec![Check { name: "the suite runs", ok: false, detail: error.to_string() }],
        },
        "/contract/cache" => contract::cache(&Kv::new(Arc::new(env.clone()))).await,
        #[expect(clippy::panic, reason = "what happens then is what the e2e suite looks at")]
        "/contract/panic" => panic!("canary-in-a-panic"),
        #[expect(clippy::panic, reason = "as above, after something was waited for")]
        "/contract/late-panic" => {
            super::clock::SystemClock.sleep(Duration::from_millis(1)).await;
            panic!("canary-in-a-panic")
        }
        _ => return None,
    };
    Some(Response::new(Body::from(serde_json::to_vec(&checks).unwrap_or_default())))
}

/// An answer that is like no other kind's in its header fields.
fn of_kind(kind: &str) -> Response {
    let mut response = Response::new(Body::from(kind.to_owned()));
    response.headers_mut().extend(HeaderValue::try_from(kind).map(|kind| (HeaderName::from_static("x-kind"), kind)));
    response
}
