//! `POST /invitation`: yes or no.

use axum::response::Response;

use super::visit::Visit;
use crate::http::call::Call;
use crate::oauth::refusal::IdentityRefusal;
use crate::usecase::invitations::by_link::{accept, decline};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (visit, form, link) = Visit::submitted(&call)?;
    let answered = match (form.text("decision"), visit.session()) {
        ("accept", Some(cookie)) => accept::accept(&call.app, &link, cookie).await.map(Some),
        ("accept", None) => Err(Refusal::Identity(IdentityRefusal::IdentityLost).into()),
        ("decline", cookie) => decline::decline(&call.app, &link, cookie).await.map(|()| None),
        _ => Err(Refusal::Malformed("The decision is neither accept nor decline.").into()),
    };
    match answered {
        Ok(session) => visit.see(session.as_ref()),
        // The page tells why, or asks who is there.
        Err(Failure::Refused(Refusal::Conflict { .. } | Refusal::Identity(_))) => visit.see(None),
        Err(other) => Err(other),
    }
}
