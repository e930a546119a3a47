//! `POST /account/passkeys/rename`

use axum::response::Response;

use super::create_passkey::name;
use super::page::{self, Said};
use super::{done, submitted};
use crate::domain::id::PasskeyId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::passkeys::rename::rename;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(passkey) = form.text("passkey_id").parse::<PasskeyId>() else {
        return page::gone(&call, &caller).await;
    };
    let name = match name(form.text("passkey_name")) {
        Ok(name) => name,
        Err(problem) => {
            return page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await;
        }
    };
    match rename(&call.app, &caller, passkey, &name).await {
        Ok(_) => done(&call, Notice::PasskeyRenamed, "passkeys"),
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
