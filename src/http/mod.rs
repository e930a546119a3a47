//! HTTP: one route table, one way in, three ways to say no.
//!
//! [`Service::call`] is the whole life of a request outside its endpoint: preflight, routing, the answer's common
//! headers and the one log line.

pub mod answer;
pub mod call;
pub mod caller;
mod cookies;
mod cors;
pub mod error;
mod export_file;
pub mod fields;
mod forms;
mod json;
mod log;
mod multipart;
mod page_call;
pub mod pages;
mod paging;
mod panel;
mod proof;
pub mod router;
mod shield;

mod account;
mod accounts;
mod assets;
mod audit_log;
mod authorize;
mod avatars;
mod clients;
mod domains;
mod health;
mod info;
mod invitation;
mod invitations;
mod mails;
mod merges;
mod mfa;
mod operator;
mod organization_settings;
mod organizations;
mod passkeys;
mod personal_tokens;
mod products;
mod reference;
mod roles;
mod scopes;
mod sessions;
mod token;
mod well_known;

use axum::body::Body;
use http::header::{CACHE_CONTROL, HeaderName, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Request, Response};

use self::router::{Paths, ROUTES};
use crate::app::App;
use crate::config::ConfigProblem;
use crate::ports::Log;
use crate::usecase::Failure;
use crate::usecase::mail::send::{self, Sent};

/// Largest request body, in bytes, unless a route says otherwise.
pub const MAX_BODY_BYTES: usize = 64 * 1024;

/// What a browser wants something for (Fetch Metadata, section 2.1): `document` is a page to look at, `iframe` one within
/// another.
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What is built once per isolate.
pub struct Service {
    paths: Paths,
}

impl Default for Service {
    fn default() -> Self {
        Self { paths: Paths::of(ROUTES) }
    }
}

impl Service {
    /// Answers one request. Never fails: what goes wrong becomes an answer and a log line.
    pub async fn call(&self, app: App, request: Request<Body>) -> Response<Body> {
        let method = request.method().clone();
        let open_to_browsers = cors::applies(request.uri().path());
        let (response, route) = match open_to_browsers && cors::is_preflight(&request) {
            true => (cors::preflight(), None),
            false => self.paths.dispatch(&app, request).await,
        };
        log::request(&app, &method, route, &response);
        if app.has_mail_to_send() {
            let after = app.clone();
            app.later(Box::pin(async move { log::mails(&after, &send::send_due(&after).await) }));
        }
        finish(response, open_to_browsers)
    }
}

/// The answer of every route while secrets are missing: 503, and the log says what to set. Tells a caller nothing.
pub fn unconfigured(problems: &[ConfigProblem], request_id: &str, sink: &dyn Log) -> Response<Body> {
    log::unconfigured(problems, request_id, sink);
    finish(error::problem::unconfigured(request_id), true)
}

/// The log line of the mails that the cron trigger sent, if there is anything to tell.
pub fn log_mails(app: &App, outcome: &Result<Sent, Failure>) {
    log::mails(app, outcome);
}

/// The log line of the operator's commands that the cron trigger carried out, if there is anything to tell.
pub fn log_commands(app: &App, outcome: &Result<u32, Failure>) {
    log::commands(app, outcome);
}

/// The one log line of a run of the cron trigger.
pub fn log_sweep(app: &App, outcome: &Result<u64, Failure>) {
    log::sweep(app, outcome);
}

fn finish(mut response: Response<Body>, open_to_browsers: bool) -> Response<Body> {
    const COMMON: [(HeaderName, HeaderValue); 2] = [
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains")),
    ];
    let headers = response.headers_mut();
    headers.extend(COMMON);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    match open_to_browsers {
        true => cors::expose(headers),
        // Nothing refers from an answer of the API.
        false => headers.extend([(REFERRER_POLICY, HeaderValue::from_static("strict-origin"))]),
    }
    response
}
