//! `DELETE /v2/sessions/{session_id}`; `my` and `me` are the current one.

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::sessions::end;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let session = call.target_or_absent("session_id", "session", &["my", "me"])?.id();
    end::end(&call.app, &caller, session).await?;
    Ok(answer::empty())
}
