//! `POST /second-step/passkey/options`: what a browser needs before it asks for a passkey of this very account.

use axum::response::Response;

use super::visit::Visit;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::forms::FormOf;
use crate::http::passkeys::credential::request_options;
use crate::usecase::second_factor::with_passkey::options;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let Some((cookie, _)) = &visit.visitor.session else {
        return Err(Refusal::StaleForm.into());
    };
    call.form(FormOf::Session(&cookie.digest))?;
    let (challenge, allowed) = options(&call.app, &visit.visitor).await?;
    answer::ok(&request_options(&call.app, challenge, &allowed)).map(answer::never_stored)
}
