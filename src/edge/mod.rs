//! The Worker: entry points, and the platform's side of every port. The only place that knows the platform.

mod background;
mod cache;
mod clock;
mod d1;
mod entropy;
mod log;
mod mail;
mod outbound;
mod request;
mod response;
mod shield;
mod task;
mod wait;

#[cfg(feature = "contract")]
mod contract;

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use http::Request;
use http::header::{HeaderName, USER_AGENT};
use wasm_bindgen::prelude::*;
use worker::{Env, ScheduleContext, ScheduledEvent, event, web_sys, worker_sys};

use self::task::Later;
use crate::app::{App, Isolate, Ports};
use crate::config::{Config, ConfigProblem};
use crate::domain::id::{self, RequestId};
use crate::domain::origin::{MAX_USER_AGENT, Origin};
use crate::http::{self as service, Service};
use crate::ports::{Background, Clock as _, Entropy as _, Log as _};
use crate::usecase::mail::send;
use crate::usecase::operator::carry_out;
use crate::usecase::sweep;

/// What an isolate builds once: parsed settings with derived keys, and the router. Plain data, no I/O object.
struct Built {
    isolate: Arc<Isolate>,
    service: Service,
}

#[wasm_bindgen(module = "/src/edge/border.js")]
extern "C" {
    #[wasm_bindgen(js_name = settings)]
    fn settings_of(env: &Env) -> String;
}

static BUILT: OnceLock<Built> = OnceLock::new();

/// A half-configured isolate is not kept: the next request looks again.
fn built(env: &Env) -> Result<&'static Built, Vec<ConfigProblem>> {
    if let Some(built) = BUILT.get() {
        return Ok(built);
    }
    let settings = settings(env);
    let config = Config::read(|name| settings.get(name).cloned())?;
    let isolate = Arc::new(Isolate::new(config));
    Ok(BUILT.get_or_init(|| Built { isolate, service: Service::default() }))
}

/// Variables and secrets by their names. What cannot be read is missing, and a missing secret refuses every request.
fn settings(env: &Env) -> BTreeMap<String, String> {
    serde_json::from_str(&settings_of(env)).unwrap_or_default()
}

/// What `entry.js` calls for each request: its head; its body, read whole or as a stream; and where to leave an answer
/// that does not come at once.
#[wasm_bindgen]
pub fn fetch(
    head: String,
    body: Option<Vec<u8>>,
    stream: Option<web_sys::ReadableStream>,
    env: Env,
    context: worker_sys::Context,
    later: Later,
) -> Option<JsValue> {
    let answered = async move {
        let answer = answer(&head, request::body(body, stream), env, context).await;
        answer.unwrap_or_else(|error| failed(&error)).into()
    };
    task::start(answered, later)
}

async fn answer(head: &str, body: Body, env: Env, context: worker_sys::Context) -> worker::Result<web_sys::Response> {
    let request = request::receive(head, body)?;
    #[cfg(feature = "contract")]
    if let Some(response) = contract::answer(request.uri().path(), &env).await {
        return response::send(response).await;
    }
    let answer = match built(&env) {
        Ok(built) => {
            let ports = ports(env, Box::new(background::AfterAnswer(context)));
            let app =
                App::new(Arc::clone(&built.isolate), ports, origin(&request)).map_err(|error| error.to_string())?;
            built.service.call(app, request).await
        }
        Err(problems) => service::unconfigured(&problems, &request_id(), &log::Console),
    };
    response::send(answer).await
}

/// What the runtime itself refused on the way in or out.
fn failed(error: &worker::Error) -> web_sys::Response {
    worker::console_error!("{error}");
    let response = worker::Response::error("INTERNAL SERVER ERROR", 500);
    response.map_or_else(|_| web_sys::Response::error(), Into::into)
}

/// The cron trigger. A failure is a line in the log; the next run tries again.
#[event(scheduled)]
async fn scheduled(_event: ScheduledEvent, env: Env, context: ScheduleContext) {
    let Ok(built) = built(&env) else {
        return log::Console.line("{\"level\":\"error\",\"event\":\"sweep\",\"error\":\"configuration\"}");
    };
    let ports = ports(env, Box::new(background::AfterSchedule(context)));
    if let Ok(app) = App::new(Arc::clone(&built.isolate), ports, Origin::default()) {
        service::log_sweep(&app, &sweep::sweep(&app).await);
        service::log_commands(&app, &carry_out::carry_out(&app).await);
        service::log_mails(&app, &send::send_all_due(&app).await);
    }
}

fn ports(env: Env, background: Box<dyn Background>) -> Ports {
    let env = Arc::new(env);
    Ports {
        database: Box::new(d1::D1::new(Arc::clone(&env))),
        cache: Arc::new(cache::Kv::new(Arc::clone(&env))),
        clock: Box::new(clock::SystemClock),
        entropy: Box::new(entropy::RuntimeEntropy),
        mailer: Box::new(mail::SendEmail::new(Arc::clone(&env))),
        outbound: Box::new(outbound::RuntimeFetch),
        shield: Box::new(shield::RateLimits::new(env)),
        background,
        log: Box::new(log::Console),
    }
}

/// Only the platform's own header tells the address; `X-Forwarded-For` is anybody's text.
fn origin(request: &Request<Body>) -> Origin {
    const CONNECTING_IP: HeaderName = HeaderName::from_static("cf-connecting-ip");
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Visible ASCII alone is text here, so that a byte is a character.
    let user_agent = header(USER_AGENT);
    let user_agent = user_agent.get(..MAX_USER_AGENT).unwrap_or(user_agent);
    Origin { ip: header(CONNECTING_IP).to_owned(), user_agent: user_agent.to_owned() }
}

fn request_id() -> String {
    let mut random = [0; id::ENTROPY_BYTES];
    match entropy::RuntimeEntropy.fill_name(&mut random) {
        Ok(()) => RequestId::new(clock::SystemClock.now(), &random).to_string(),
        Err(_) => String::new(),
    }
}
