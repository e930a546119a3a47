//! `POST /account/password`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted, with_cookies};
use crate::domain::password::{InvalidPassword, Password};
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::account_page::change_password::change_password;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let current = form.text("current_password");
    let problem = match chosen(&call, form.text("password")) {
        Err(problem) => problem,
        Ok(_) if current.is_empty() => Problem::CurrentPasswordWrong,
        Ok(new) => match change_password(&call.app, &caller, &Password::given(current), &new).await {
            Ok(next) => {
                return done(&call, Notice::PasswordChanged, "security").map(|response| with_cookies(response, &next));
            }
            Err(Failure::Refused(Refusal::Identity(IdentityRefusal::Unauthorized))) => Problem::CurrentPasswordWrong,
            Err(other) => return Err(other),
        },
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}

fn chosen(call: &Call, text: &str) -> Result<Password, Problem> {
    if text.is_empty() {
        return Err(Problem::PasswordMissing);
    }
    Password::choose(text, call.app.config().profile.min_password_length()).map_err(|error| match error {
        InvalidPassword::TooShort => Problem::PasswordTooShort,
        InvalidPassword::TooLong => Problem::PasswordTooLong,
        InvalidPassword::Common => Problem::PasswordTooCommon,
    })
}
