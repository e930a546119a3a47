//! `POST /account/email/verification`

use axum::response::Response;

use super::{done, page, submitted};
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::mail::send_verification::send_verification;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    match send_verification(&call.app, &caller, call.page().language()).await {
        Ok(()) => done(&call, Notice::VerificationSent, "profile"),
        // Proven meanwhile, in another window.
        Err(Failure::Refused(Refusal::Conflict { .. })) => page::gone(&call, &caller).await,
        Err(other) => Err(other),
    }
}
