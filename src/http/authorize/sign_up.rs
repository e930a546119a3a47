//! `POST /signup`: a new account with an organization of its own.

use axum::response::Response;
use http::StatusCode;

use super::page::{self, Written};
use super::visit::Visit;
use crate::domain::email::Email;
use crate::domain::mail_domain;
use crate::domain::password::Password;
use crate::domain::{account, organization, text};
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::Problem;
use crate::usecase::authorize::resume;
use crate::usecase::sign_in::sign_up::{SignUp, sign_up};
use crate::usecase::{Failure, Refusal, challenge};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let (status, problems) = match read(&form, &call) {
        Err(problems) => (StatusCode::UNPROCESSABLE_ENTITY, problems),
        Ok(wanted) => {
            match sign_up(&call.app, &visit.visitor, handle, &wanted, Some(form.text(challenge::FORM_FIELD))).await {
                Ok(Some(session)) => return visit.signed_in(handle, &session),
                Ok(None) => return call.page().see_other("/verify?sent=1"),
                Err(Failure::Refused(Refusal::Conflict { .. })) => (StatusCode::CONFLICT, vec![Problem::EmailTaken]),
                Err(Failure::Refused(Refusal::Invalid(_))) => {
                    (StatusCode::UNPROCESSABLE_ENTITY, vec![Problem::ChallengeUnanswered])
                }
                Err(other) => return Err(other),
            }
        }
    };
    let screen = resume::sign_in_form(&call.app, &visit.visitor, handle).await?;
    let written =
        Written { email: form.text("email"), name: form.text("name"), organization: form.text("organization") };
    page::sign_up(&visit, &screen, &written, status, &problems)
}

/// Everything that is wrong, at once.
fn read(form: &Form, call: &Call) -> Result<SignUp, Vec<Problem>> {
    let min_password = call.app.config().profile.min_password_length();
    let mut problems = Vec::new();
    let email = match form.text("email").trim() {
        "" => Err(Problem::EmailMissing),
        text => match Email::parse(text) {
            Ok(email) if !call.app.config().disposable_addresses && mail_domain::is_disposable(&email) => {
                Err(Problem::EmailDisposable)
            }
            parsed => parsed.map_err(|_| Problem::EmailInvalid),
        },
    };
    let password = match form.text("password") {
        "" => Err(Problem::PasswordMissing),
        text => Password::choose(text, min_password).map_err(Problem::of_password),
    };
    let name = text::bounded(form.text("name").trim(), account::MAX_NAME).map_err(|_| Problem::NameInvalid);
    let organization = text::bounded(form.text("organization").trim(), organization::MAX_NAME)
        .map_err(|_| Problem::OrganizationInvalid);
    problems.extend(email.as_ref().err());
    problems.extend(password.as_ref().err());
    problems.extend(name.as_ref().err());
    problems.extend(organization.as_ref().err());
    match (email, password, name, organization) {
        (Ok(email), Ok(password), Ok(name), Ok(organization)) => {
            Ok(SignUp { email, password, name, organization, locale: call.page().language() })
        }
        _ => Err(problems),
    }
}
