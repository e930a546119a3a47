//! `GET /v2/sessions`

use axum::response::Response;

use super::body::Session;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::sessions::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let sessions = list::list(&call.app, &call.caller()?).await?;
    answer::ok(&sessions.into_iter().map(Session::from).collect::<Vec<_>>())
}
