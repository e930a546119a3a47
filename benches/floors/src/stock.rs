use axum::Router;
use axum::body::Body;
use axum::http::Response;
use axum::routing::get;
use tower_service::Service as _;
use worker::{Context, Env, HttpRequest, event};

use crate::{ANSWER, log};

#[event(fetch)]
async fn fetch(request: HttpRequest, env: Env, _context: Context) -> worker::Result<Response<Body>> {
    log(&env);
    let answer = ANSWER.of(&env, "ANSWER").to_owned();
    let mut router: Router = Router::new().route("/v2/info", get(|| async { answer }));
    Ok(router.call(request).await?)
}
