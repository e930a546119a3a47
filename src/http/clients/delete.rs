//! `DELETE /v2/clients/{client_id}`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::clients::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    delete(&call.app, &caller, &call.id("client_id")?).await?;
    Ok(answer::empty())
}
