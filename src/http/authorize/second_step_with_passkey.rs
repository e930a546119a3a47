//! `POST /second-step/passkey`: what the browser returned, in `credential`.

use axum::response::Response;
use http::StatusCode;

use super::second_step_page::{self, WayOn};
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::cookies;
use crate::http::forms::FormOf;
use crate::http::pages::Problem;
use crate::http::passkeys::credential::authentication_in_form;
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::second_factor::look::look;
use crate::usecase::second_factor::with_passkey::with_passkey;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let Some((cookie, _)) = &visit.visitor.session else {
        return Err(Refusal::StaleForm.into());
    };
    let form = call.form(FormOf::Session(&cookie.digest))?;
    let written = |name| Ok(Some(form.text(name)).filter(|text| !text.is_empty()).map(str::to_owned));
    let way = WayOn::of(&visit, written)?;
    let taken = match authentication_in_form(form.text("credential")) {
        Ok(response) => with_passkey(&call.app, &visit.visitor, way.handle(), &response).await,
        Err(unreadable) => Err(unreadable),
    };
    let problem = match taken {
        Ok(session) => {
            let mut response = way.go(&visit)?;
            cookies::begin_session(&mut response, &session.page, session.embedded.as_deref(), session.lifetime);
            return Ok(response);
        }
        Err(Failure::Refused(
            Refusal::Identity(IdentityRefusal::Unauthorized) | Refusal::Invalid(_) | Refusal::Malformed(_),
        )) => Problem::PasskeyRefused,
        Err(Failure::Refused(Refusal::Identity(IdentityRefusal::AccessDenied))) => Problem::AccessDenied,
        // It took too long, or somebody ended it: from the beginning.
        Err(Failure::Refused(Refusal::Identity(_))) => return way.go(&visit),
        Err(other) => return Err(other),
    };
    match look(&call.app, &visit.visitor, way.handle()).await? {
        Some(step) => second_step_page::show(&visit, &way, &step, StatusCode::UNAUTHORIZED, &[problem]),
        None => way.go(&visit),
    }
}
