//! `POST /account/passkeys/delete`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted};
use crate::domain::id::PasskeyId;
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::passkeys::delete::delete;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(passkey) = form.text("passkey_id").parse::<PasskeyId>() else {
        return page::gone(&call, &caller).await;
    };
    let code = form.written("passkey_code");
    match delete(&call.app, &caller, passkey, code).await {
        Ok(()) => done(&call, Notice::PasskeyRemoved, "passkeys"),
        Err(Failure::Refused(Refusal::Forbidden(_))) => {
            let said = Said { problems: vec![Problem::RemovalCodeWrong], ..Said::default() };
            page::show(&call, &caller, &said).await
        }
        Err(Failure::Refused(Refusal::Conflict { .. })) => {
            let said = Said { problems: vec![Problem::SecondFactorDemanded], ..Said::default() };
            page::show(&call, &caller, &said).await
        }
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
