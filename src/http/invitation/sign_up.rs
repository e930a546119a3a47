//! `POST /invitation/signup`: an account for the invited address.

use axum::response::Response;
use http::StatusCode;

use super::page::{self, Said};
use super::visit::Visit;
use crate::domain::account;
use crate::domain::password::Password;
use crate::domain::text::{self, InvalidText};
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::Problem;
use crate::usecase::invitations::by_link::sign_up::{SignUp, sign_up};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (visit, form, link) = Visit::submitted(&call)?;
    let locale = call.page().language();
    let (status, problems) = match read(&form, call.app.config().profile.min_password_length(), locale) {
        Err(problems) => (StatusCode::UNPROCESSABLE_ENTITY, problems),
        Ok(wanted) => match sign_up(&call.app, &visit.visitor, &link, &wanted).await {
            Ok(session) => return visit.see(Some(&session)),
            Err(Failure::Refused(Refusal::Conflict { resource: "account", .. })) => {
                (StatusCode::CONFLICT, vec![Problem::EmailTaken])
            }
            Err(Failure::Refused(Refusal::Conflict { .. })) => return visit.see(None),
            Err(other) => return Err(other),
        },
    };
    page::show(&visit, status, &Said { problems, name: Some(form.text("name")) }).await
}

/// Everything that is wrong, at once.
fn read(form: &Form, min_password: usize, locale: &'static str) -> Result<SignUp, Vec<Problem>> {
    let name = text::required(form.text("name"), account::MAX_NAME).map_err(|invalid| match invalid {
        InvalidText::Empty => Problem::NameMissing,
        InvalidText::TooLong | InvalidText::ForbiddenCharacter => Problem::NameInvalid,
    });
    let password = match form.text("password") {
        "" => Err(Problem::PasswordMissing),
        text => Password::choose(text, min_password).map_err(Problem::of_password),
    };
    match (name, password) {
        (Ok(name), Ok(password)) => Ok(SignUp { name, password, locale }),
        (name, password) => Err([name.err(), password.err()].into_iter().flatten().collect()),
    }
}
