//! `POST /account/sessions/end`

use axum::response::Response;

use super::{done, page, submitted};
use crate::domain::id::SessionId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::sessions::end;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(session) = form.text("session_id").parse::<SessionId>() else {
        return page::gone(&call, &caller).await;
    };
    match end::end(&call.app, &caller, Some(session)).await {
        Ok(()) => done(&call, Notice::SessionEnded, "sessions"),
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
