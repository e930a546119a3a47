//! `POST /panel/people/{account_id}/password`

use axum::response::Response;

use super::{page, target};
use crate::domain::password::{InvalidPassword, Password};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::accounts::set_password::set_password;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let account = target(&call)?;
    let said = match chosen(&call, form.text("password")) {
        Err(problem) => Said::wrong(vec![problem]),
        Ok(password) => match set_password(&call.app, &caller, Some(account), &password).await {
            Ok(_) => return done(&call, &page::path(account), Notice::PasswordSet),
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, account, &said, None).await
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

fn problem(refusal: &Refusal) -> Option<Problem> {
    matches!(refusal, Refusal::Conflict { .. }).then_some(Problem::AccountShared)
}
