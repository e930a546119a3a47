//! `POST /organization`: in which organization.

use axum::response::Response;

use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::authorize::choose::choose;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let chosen = form.text("organization_id").parse();
    let chosen = chosen.map_err(|_| Refusal::Malformed("The organization is no id."))?;
    match choose(&call.app, &visit.visitor, handle, Some(chosen)).await {
        Ok(Some(session)) => visit.signed_in(handle, &session),
        // Who is not signed in any more signs in again, and the request goes on.
        Ok(None) | Err(Failure::Refused(Refusal::Identity(_))) => visit.see(handle),
        Err(other) => Err(other),
    }
}
