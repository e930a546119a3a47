//! `POST /account/operator_commands/withdraw`

use axum::response::Response;

use super::{done, page, submitted};
use crate::domain::id::CommandId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::operator::withdraw::withdraw;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(command) = form.text("command_id").parse::<CommandId>() else {
        return page::gone(&call, &caller).await;
    };
    match withdraw(&call.app, &caller, command).await {
        Ok(()) => done(&call, Notice::ResetWithdrawn, "profile"),
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
