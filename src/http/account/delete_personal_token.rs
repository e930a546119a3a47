//! `POST /account/personal_tokens/delete`

use axum::response::Response;

use super::{done, page, submitted};
use crate::domain::id::PersonalTokenId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::personal_tokens::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(token) = form.text("personal_token_id").parse::<PersonalTokenId>() else {
        return page::gone(&call, &caller).await;
    };
    match delete(&call.app, &caller, token).await {
        Ok(()) => done(&call, Notice::TokenDeleted, "personal_tokens"),
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
