//! `POST /account/passkeys/delete`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted};
use crate::domain::id::PasskeyId;
use crate::domain::password::Password;
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::passkeys::delete::delete;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(passkey) = form.text("passkey_id").parse::<PasskeyId>() else {
        return page::gone(&call, &caller).await;
    };
    let password = Some(form.text("passkey_password")).filter(|text| !text.is_empty()).map(Password::given);
    match delete(&call.app, &caller, passkey, password.as_ref()).await {
        Ok(()) => done(&call, Notice::PasskeyRemoved, "passkeys"),
        Err(Failure::Refused(Refusal::Forbidden(_))) => {
            let said = Said { problems: vec![Problem::PasskeyProofWrong], ..Said::default() };
            page::show(&call, &caller, &said).await
        }
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
