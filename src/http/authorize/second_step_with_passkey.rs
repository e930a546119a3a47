//! `POST /second-step/passkey`: what the browser returned, in `credential`.

use axum::response::Response;

use super::second_step_page::{self, WayOn};
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::forms::FormOf;
use crate::http::pages::Problem;
use crate::http::passkeys::credential::authentication_in_form;
use crate::usecase::second_factor::with_passkey::with_passkey;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let Some((cookie, _)) = &visit.visitor.session else {
        return Err(Refusal::StaleForm.into());
    };
    let form = call.form(FormOf::Session(&cookie.digest))?;
    let written = |name| Ok(form.written(name).map(str::to_owned));
    let way = WayOn::of(&visit, written)?;
    let taken = match authentication_in_form(form.text("credential")) {
        Ok(response) => with_passkey(&call.app, &visit.visitor, way.handle(), &response).await,
        Err(unreadable) => Err(unreadable),
    };
    second_step_page::answer(&visit, &way, taken, Problem::PasskeyRefused).await
}
