//! `POST /access`: shall somebody be asked to let the person in?

use axum::response::Response;

use super::page;
use super::visit::Visit;
use crate::http::call::Call;
use crate::http::pages::AccessRequest;
use crate::usecase::authorize::{access, choose};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let outcome = match form.text("decision") {
        "request" => access::request(&call.app, &visit.visitor, handle).await.map(Some),
        "other_organization" => choose::choose(&call.app, &visit.visitor, handle, None).await.map(|_| None),
        _ => Err(Refusal::Malformed("The decision is neither request nor other_organization.").into()),
    };
    match outcome {
        Ok(Some(asked)) => {
            let state = if asked.already { AccessRequest::AlreadyAsked } else { AccessRequest::Sent };
            page::asked(&visit, &asked.screen, state)
        }
        Ok(None) | Err(Failure::Refused(Refusal::Identity(_))) => visit.see(handle),
        Err(other) => Err(other),
    }
}
