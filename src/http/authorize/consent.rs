//! `POST /consent`: yes or no.

use axum::response::Response;

use super::show;
use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::authorize::consent::decide;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let allow = match form.text("decision") {
        "allow" => true,
        "deny" => false,
        _ => return Err(Refusal::Malformed("The decision is neither allow nor deny.").into()),
    };
    match decide(&call.app, &visit.visitor, handle, allow).await {
        Ok(shown) => show::show(&visit, &shown, false),
        Err(Failure::Refused(Refusal::Identity(_))) => visit.see(handle),
        Err(other) => Err(other),
    }
}
