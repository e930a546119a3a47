//! `POST /signin`: e-mail address and password.

use axum::response::Response;
use http::StatusCode;

use super::page;
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::authorize::resume;
use crate::usecase::sign_in::with_password::{Credentials, sign_in};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let credentials = Credentials { email: form.text("email"), password: form.text("password") };
    let refusal = match sign_in(&call.app, &visit.visitor, handle, &credentials).await {
        Ok(session) => return visit.signed_in(handle, &session),
        Err(Failure::Refused(Refusal::Identity(refusal))) => refusal,
        Err(other) => return Err(other),
    };
    let problem = match refusal {
        IdentityRefusal::AccessDenied => Problem::AccessDenied,
        _ => Problem::WrongCredentials,
    };
    let screen = resume::sign_in_form(&call.app, &visit.visitor, handle).await?;
    page::sign_in(&visit, &screen, credentials.email, StatusCode::UNAUTHORIZED, &[problem])
}
