//! `POST /account/delete`

use axum::response::Response;
use http::StatusCode;

use super::page::{self, Said};
use super::{proof, submitted};
use crate::domain::email::Email;
use crate::http::call::Call;
use crate::http::cookies;
use crate::http::pages::{Csp, Outcome, Problem, Told, respond};
use crate::usecase::accounts::erase::erase;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let (written, proof) = (form.text("delete_email"), proof::DELETE.given(&form));
    let problem = match Email::parse(written) {
        Err(_) => Problem::DeleteEmailOther,
        Ok(email) => match erase(&call.app, &caller, &email, proof.presented()).await {
            Ok(()) => return gone(&call),
            Err(Failure::Refused(Refusal::Invalid(_))) => Problem::DeleteEmailOther,
            Err(Failure::Refused(Refusal::Forbidden(why))) => proof::DELETE.problem(why),
            Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::OwnerDeletes,
            Err(other) => return Err(other),
        },
    };
    page::show(&call, &caller, &Said { problems: vec![problem], ..Said::default() }).await
}

/// Told by the form's own answer: nobody is signed in any more whom an address could tell it.
fn gone(call: &Call) -> Result<Response, Failure> {
    let around = call.page();
    let told = Told { frame: around.frame_at("/"), outcome: Outcome::AccountDeleted };
    let mut response = respond(StatusCode::OK, &told, Csp::Own)?;
    cookies::end_session(&mut response);
    Ok(response)
}
