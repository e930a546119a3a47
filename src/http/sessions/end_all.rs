//! `DELETE /v2/sessions`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::sessions::end;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    end::end_all(&call.app, &call.caller()?).await?;
    Ok(answer::empty())
}
