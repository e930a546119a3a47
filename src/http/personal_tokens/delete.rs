//! `DELETE /v2/personal_token/{personal_token_id}`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::personal_tokens::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    delete(&call.app, &caller, call.id("personal_token_id")?).await?;
    Ok(answer::empty())
}
