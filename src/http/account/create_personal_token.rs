//! `POST /account/personal_tokens`

use std::collections::BTreeSet;
use std::time::Duration;

use axum::response::Response;

use super::page::{self, Said};
use super::submitted;
use crate::domain::personal_token::{MAX_NAME, Wanted};
use crate::domain::scope;
use crate::domain::text::{InvalidText, required};
use crate::http::answer;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::{Lifetime, Problem};
use crate::usecase::personal_tokens::create::create;
use crate::usecase::{Failure, Refusal};

/// The answer is the page itself: no address may hold the token, so that reloading asks before it sends the form again.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let problems = match read(&form, &page::lifetimes(&call.app)) {
        Err(problems) => problems,
        Ok(wanted) => match create(&call.app, &caller, &wanted).await {
            Ok(created) => {
                let said = Said { created: Some((&created.row.name, &created.secret)), ..Said::default() };
                return page::show(&call, &caller, &said).await.map(answer::never_stored);
            }
            Err(Failure::Refused(refusal)) => vec![problem(refusal)?],
            Err(fault) => return Err(fault),
        },
    };
    let said = Said { problems, token_name: form.text("token_name"), ticked: ticked(&form), ..Said::default() };
    page::show(&call, &caller, &said).await
}

fn read(form: &Form, lifetimes: &[Lifetime]) -> Result<Wanted, Vec<Problem>> {
    let name = required(form.text("token_name"), MAX_NAME).map_err(|error| match error {
        InvalidText::Empty => Problem::TokenNameMissing,
        _ => Problem::TokenNameInvalid,
    });
    let scopes: Result<BTreeSet<String>, _> = ticked(form).into_iter().map(scope::parse).collect();
    let scopes = scopes.ok().filter(|scopes| !scopes.is_empty()).ok_or(Problem::ScopeMissing);
    let expires_in = form.text("expires_in");
    let chosen = lifetimes.iter().find(|lifetime| lifetime.value() == expires_in).ok_or(Problem::ExpiryInvalid);
    let lifetime = chosen.map(|lifetime| lifetime.value().parse().ok().map(Duration::from_secs));
    match (name, scopes, lifetime) {
        (Ok(name), Ok(scopes), Ok(lifetime)) => Ok(Wanted { name, scopes, lifetime }),
        (name, scopes, lifetime) => Err([name.err(), scopes.err(), lifetime.err()].into_iter().flatten().collect()),
    }
}

fn ticked(form: &Form) -> BTreeSet<&str> {
    form.all("scope").collect()
}

/// What the database refused, in the words of the page.
fn problem(refusal: Refusal) -> Result<Problem, Refusal> {
    match refusal {
        Refusal::Conflict { .. } => Ok(Problem::TooManyTokens),
        Refusal::Invalid(fields) if fields.contains_key("expires_in") => Ok(Problem::ExpiryInvalid),
        Refusal::Invalid(_) | Refusal::InsufficientScope(_) => Ok(Problem::ScopeMissing),
        other => Err(other),
    }
}
