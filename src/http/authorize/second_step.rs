//! `POST /second-step`: a code by time or a recovery code.

use axum::response::Response;

use super::second_step_page::{self, WayOn};
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::forms::FormOf;
use crate::http::pages::Problem;
use crate::usecase::second_factor::with_code::{Given, with_code};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let Some((cookie, _)) = &visit.visitor.session else {
        return Err(Refusal::StaleForm.into());
    };
    let form = call.form(FormOf::Session(&cookie.digest))?;
    let written = |name| Ok(form.written(name).map(str::to_owned));
    let way = WayOn::of(&visit, written)?;
    let (typed, wrong) = match form.text("recovery_code") {
        "" => (Given::Code(form.text("code")), Problem::CodeWrong),
        code => (Given::RecoveryCode(code), Problem::RecoveryCodeWrong),
    };
    let taken = with_code(&call.app, &visit.visitor, way.handle(), typed).await;
    second_step_page::answer(&visit, &way, taken, wrong).await
}
