//! `POST /invitation/signin`: the password of the account with the invited address.

use axum::response::Response;
use http::StatusCode;

use super::page::{self, Said};
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::pages::Problem;
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::invitations::by_link::sign_in::sign_in;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (visit, form, link) = Visit::submitted(&call)?;
    let problem = match sign_in(&call.app, &visit.visitor, &link, form.text("password")).await {
        Ok(session) if session.half => return visit.see_second_step(&session),
        Ok(session) => return visit.see(Some(&session)),
        Err(Failure::Refused(Refusal::Conflict { .. })) => return visit.see(None),
        Err(Failure::Refused(Refusal::Identity(IdentityRefusal::AccessDenied))) => Problem::AccessDenied,
        Err(Failure::Refused(Refusal::Identity(_))) => Problem::WrongCredentials,
        Err(other) => return Err(other),
    };
    page::show(&visit, StatusCode::UNAUTHORIZED, &Said { problems: vec![problem], name: None }).await
}
