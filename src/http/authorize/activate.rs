//! `POST /activate`: an administrator turns the product on, or the person chooses another organization.

use axum::response::Response;

use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::authorize::{activate, choose};
use crate::usecase::products::enable;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let outcome = match form.text("decision") {
        "activate" => match activate::prepare(&call.app, &visit.visitor, handle).await {
            Ok(product) => enable::enable(&call.app, &call.caller()?, None, &product).await.map(drop),
            Err(failure) => Err(failure),
        },
        "other_organization" => choose::choose(&call.app, &visit.visitor, handle, None).await,
        _ => Err(Refusal::Malformed("The decision is neither activate nor other_organization.").into()),
    };
    match outcome {
        // What somebody else turned on meanwhile is on.
        Ok(()) | Err(Failure::Refused(Refusal::Identity(_) | Refusal::Conflict { .. })) => visit.see(handle),
        Err(other) => Err(other),
    }
}
