//! `POST /account/email`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted};
use crate::domain::email::Email;
use crate::domain::password::Password;
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::mail::change_email::change_email;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let (written, password) = (form.text("email"), form.text("proof_password"));
    let problem = match Email::parse(written) {
        Err(_) if written.trim().is_empty() => Problem::EmailMissing,
        Err(_) => Problem::EmailInvalid,
        Ok(_) if password.is_empty() => Problem::ProofWrong,
        Ok(email) => match change_email(&call.app, &caller, &email, Some(&Password::given(password))).await {
            Ok(()) => return done(&call, Notice::EmailChangeSent, "profile"),
            Err(Failure::Refused(Refusal::Forbidden(_))) => Problem::ProofWrong,
            Err(Failure::Refused(Refusal::Invalid(_))) => Problem::EmailSame,
            Err(other) => return Err(other),
        },
    };
    page::show(&call, &caller, &Said { problems: vec![problem], new_email: written, ..Said::default() }).await
}
