//! `GET /v2/clients/{client_id}`

use axum::response::Response;

use super::body::Client;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::clients::get::get;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let client = get(&call.app, &caller, &call.id("client_id")?).await?;
    answer::ok(&Client::from(client))
}
