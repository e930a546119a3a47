//! `DELETE /v2/roles/{role_id}`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::roles::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    delete(&call.app, &caller, call.id("role_id")?).await?;
    Ok(answer::empty())
}
