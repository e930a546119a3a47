//! `POST /signin/passkey`: what the browser returned, in `credential`.

use axum::response::Response;
use http::StatusCode;

use super::page;
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::http::passkeys::credential::authentication_in_form;
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::authorize::resume;
use crate::usecase::sign_in::with_passkey::sign_in;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let signed_in = match authentication_in_form(form.text("credential")) {
        Ok(response) => sign_in(&call.app, &visit.visitor, handle, &response).await,
        Err(unreadable) => Err(unreadable),
    };
    let problem = match signed_in {
        Ok(session) => return visit.signed_in(handle, &session),
        Err(Failure::Refused(Refusal::Identity(IdentityRefusal::AccessDenied))) => Problem::AccessDenied,
        Err(Failure::Refused(Refusal::Identity(_) | Refusal::Invalid(_) | Refusal::Malformed(_))) => {
            Problem::PasskeyRefused
        }
        Err(other) => return Err(other),
    };
    let screen = resume::sign_in_form(&call.app, &visit.visitor, handle).await?;
    page::sign_in(&visit, &screen, "", StatusCode::UNAUTHORIZED, &[problem])
}
