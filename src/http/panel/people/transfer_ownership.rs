//! `POST /panel/people/{account_id}/ownership`

use axum::response::Response;

use super::{page, target};
use crate::domain::password::Password;
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::organizations::transfer_ownership::transfer_ownership;
use crate::usecase::step_up::{PROOF_MISSING, PROOF_WRONG};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let heir = target(&call)?;
    let written = form.text("current_password");
    let password = (!written.is_empty()).then(|| Password::given(written));
    match transfer_ownership(&call.app, &caller, None, heir, password.as_ref()).await {
        Ok(_) => done(&call, &page::path(heir), Notice::OwnershipTransferred),
        Err(failure) => page::show(&call, &caller, heir, &Said::refused(failure, problem)?, None).await,
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Forbidden(PROOF_MISSING) => Some(Problem::ProofMissing),
        Refusal::Forbidden(PROOF_WRONG) => Some(Problem::ProofWrong),
        Refusal::Invalid(_) => Some(Problem::HeirUnfit),
        Refusal::Conflict { .. } => Some(Problem::ChangedMeanwhile),
        _ => None,
    }
}
