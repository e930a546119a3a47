//! One JSON line a request. It holds the route's template, never the path, the query or anything a caller wrote.

use axum::body::Body;
use http::{Method, Response};
use serde::Serialize;

use super::router::Route;
use crate::app::App;
use crate::config::ConfigProblem;
use crate::domain::id::RequestId;
use crate::ports::Log;
use crate::usecase::Failure;
use crate::usecase::mail::send::Sent;

/// The reason of a 5xx answer, carried from the error mapper to the log line.
#[derive(Clone)]
pub(super) struct Reason(pub String);

#[derive(Serialize)]
struct Line<'a> {
    level: &'static str,
    request_id: RequestId,
    method: &'a str,
    route: &'static str,
    status: u16,
    duration_ms: u64,
    storage: Storage,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Storage {
    d1: u32,
    kv: u32,
}

pub(super) fn request(app: &App, method: &Method, route: Option<&Route>, response: &Response<Body>) {
    let status = response.status();
    let calls = app.storage_calls();
    let line = Line {
        level: if status.is_server_error() { "error" } else { "info" },
        request_id: app.request_id(),
        method: known(method),
        route: route.map_or("unmatched", |route| route.path),
        status: status.as_u16(),
        duration_ms: app.now().millis_since(app.started_at()),
        storage: Storage { d1: calls.database, kv: calls.cache },
        error: response.extensions().get::<Reason>().map(|reason| reason.0.as_str()),
    };
    if let Ok(line) = serde_json::to_string(&line) {
        app.log(&line);
    }
}

pub(super) fn unconfigured(problems: &[ConfigProblem], request_id: &str, sink: &dyn Log) {
    let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
    sink.line(&serde_json::json!({"level": "error", "request_id": request_id, "error": "configuration", "problems": problems}).to_string());
}

pub(super) fn sweep(app: &App, outcome: &Result<u64, Failure>) {
    let request_id = app.request_id().to_string();
    let line = match outcome {
        Ok(removed) => {
            serde_json::json!({"level": "info", "request_id": request_id, "event": "sweep", "removed": removed})
        }
        Err(failure) => {
            let error = format!("{failure:?}");
            serde_json::json!({"level": "error", "request_id": request_id, "event": "sweep", "error": error})
        }
    };
    app.log(&line.to_string());
}

/// Which number of the operator's commands was carried out.
pub(super) fn commands(app: &App, outcome: &Result<u32, Failure>) {
    let request_id = app.request_id().to_string();
    let line = match outcome {
        Ok(0) => return,
        Ok(done) => {
            serde_json::json!({"level": "info", "request_id": request_id, "event": "operator_commands", "done": done})
        }
        Err(failure) => {
            let error = format!("{failure:?}");
            serde_json::json!({"level": "error", "request_id": request_id, "event": "operator_commands", "error": error})
        }
    };
    app.log(&line.to_string());
}

/// What became of mails, by number and by code: no address, no name, no link (row L4).
pub(super) fn mails(app: &App, outcome: &Result<Sent, Failure>) {
    let request_id = app.request_id().to_string();
    let line = match outcome {
        Ok(sent) if *sent == Sent::default() => return,
        Ok(Sent { sent, failed, dead, unsendable, waiting, codes }) => {
            let level = if codes.is_empty() { "info" } else { "error" };
            serde_json::json!({"level": level, "request_id": request_id, "event": "mail", "sent": sent, "failed": failed,
                "dead": dead, "dropped": unsendable, "waiting_without_sender": waiting, "codes": codes})
        }
        Err(failure) => {
            let error = format!("{failure:?}");
            serde_json::json!({"level": "error", "request_id": request_id, "event": "mail", "error": error})
        }
    };
    app.log(&line.to_string());
}

/// An extension method is the caller's own text and stays out of the log.
fn known(method: &Method) -> &str {
    match *method {
        Method::GET | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::HEAD | Method::OPTIONS => {
            method.as_str()
        }
        _ => "other",
    }
}
