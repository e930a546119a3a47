//! `POST /activate`: an administrator turns the product on, or the person chooses another organization.

use axum::response::Response;

use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::authorize::{Handle, activate, choose};
use crate::usecase::products::enable;
use crate::usecase::sign_in::SignedIn;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let (form, handle) = visit.form()?;
    let outcome = match form.text("decision") {
        "activate" => turn_on(&call, &visit, handle).await,
        "other_organization" => choose::choose(&call.app, &visit.visitor, handle, None).await,
        _ => Err(Refusal::Malformed("The decision is neither activate nor other_organization.").into()),
    };
    match outcome {
        // What somebody else turned on meanwhile is on.
        Ok(None) | Err(Failure::Refused(Refusal::Identity(_) | Refusal::Conflict { .. })) => visit.see(handle),
        Ok(Some(session)) => visit.signed_in(handle, &session),
        Err(other) => Err(other),
    }
}

/// The session's next cookies, if it had to change its organization for this.
async fn turn_on(call: &Call, visit: &Visit<'_>, handle: Handle) -> Result<Option<SignedIn>, Failure> {
    let mut caller = call.caller()?;
    let activate::Prepared { product, moved } = activate::prepare(&call.app, &visit.visitor, handle).await?;
    let cookies = moved.map(|moved| {
        caller.credential = moved.credential;
        moved.cookies
    });
    match enable::enable(&call.app, &caller, None, &product).await {
        Err(Failure::Refused(Refusal::Conflict { .. })) | Ok(()) => Ok(cookies),
        // Whoever has new cookies must get them; the screen is shown once more.
        Err(_) if cookies.is_some() => Ok(cookies),
        Err(other) => Err(other),
    }
}
