//! `POST /account/step-up`: what the browser returned, in `credential`.

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted, with_cookies};
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::http::passkeys::credential::authentication_in_form;
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::passkeys::prove::prove;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let proved = match authentication_in_form(form.text("credential")) {
        Ok(response) => prove(&call.app, &caller, &response).await,
        Err(unreadable) => Err(unreadable),
    };
    match proved {
        Ok(next) => done(&call, Notice::Proved, "passkeys").map(|response| with_cookies(response, &next)),
        Err(Failure::Refused(
            Refusal::Identity(IdentityRefusal::Unauthorized) | Refusal::Invalid(_) | Refusal::Malformed(_),
        )) => page::show(&call, &caller, &Said { problems: vec![Problem::PasskeyRefused], ..Said::default() }).await,
        Err(other) => Err(other),
    }
}
