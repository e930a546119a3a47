//! `POST /account/email`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, proof, submitted};
use crate::domain::email::Email;
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::mail::change_email::change_email;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let (written, proof) = (form.text("email"), proof::EMAIL.given(&form));
    let problem = match Email::parse(written) {
        Err(_) if written.trim().is_empty() => Problem::EmailMissing,
        Err(_) => Problem::EmailInvalid,
        Ok(email) => match change_email(&call.app, &caller, &email, proof.presented()).await {
            Ok(()) => return done(&call, Notice::EmailChangeSent, "profile"),
            Err(Failure::Refused(Refusal::Forbidden(why))) => proof::EMAIL.problem(why),
            Err(Failure::Refused(Refusal::Invalid(_))) => Problem::EmailSame,
            Err(other) => return Err(other),
        },
    };
    page::show(&call, &caller, &Said { problems: vec![problem], new_email: written, ..Said::default() }).await
}
