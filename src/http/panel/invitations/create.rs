//! `POST /panel/invitations`

use axum::response::Response;

use super::page;
use crate::domain::account::MAX_NAME;
use crate::domain::email::Email;
use crate::domain::text::{InvalidText, required};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::invitations::create::{Creation, create};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let said = match read(&form) {
        Err(problems) => Said::wrong(problems),
        Ok(creation) => match create(&call.app, &caller, &creation).await {
            Ok(invited) if invited.new => return done(&call, page::PATH, Notice::Invited),
            Ok(_) => return done(&call, page::PATH, Notice::InvitedBefore),
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, &said, Some(&form)).await
}

/// With a role: whoever sees this form approves at once.
fn read(form: &Form) -> Result<Creation, Vec<Problem>> {
    let email = Email::parse(form.text("email")).map_err(|_| Problem::EmailInvalid);
    let name = required(form.text("name"), MAX_NAME).map_err(|error| match error {
        InvalidText::Empty => Problem::NameMissing,
        _ => Problem::NameInvalid,
    });
    let offer = form.text("offer").split_once('/').ok_or(Problem::OfferInvalid);
    match (email, name, offer) {
        (Ok(email), Ok(name), Ok((product, role))) => {
            Ok(Creation { email, name, product: product.to_owned(), role: Some(role.to_owned()) })
        }
        (email, name, offer) => Err([email.err(), name.err(), offer.err()].into_iter().flatten().collect()),
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Conflict { .. } => Some(Problem::AlreadyMember),
        Refusal::Invalid(_) | Refusal::NotFound { .. } => Some(Problem::OfferInvalid),
        _ => None,
    }
}
