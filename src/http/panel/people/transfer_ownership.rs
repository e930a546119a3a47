//! `POST /panel/people/{account_id}/ownership`

use axum::response::Response;

use super::{page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::proof;
use crate::http::panel::said::Said;
use crate::usecase::organizations::transfer_ownership::transfer_ownership;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let heir = target(&call)?;
    let proof = proof::given(&form);
    match transfer_ownership(&call.app, &caller, None, heir, proof.presented()).await {
        Ok(_) => done(&call, &page::path(heir), Notice::OwnershipTransferred),
        Err(failure) => page::show(&call, &caller, heir, &Said::refused(failure, problem)?, None).await,
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Invalid(_) => Some(Problem::HeirUnfit),
        Refusal::Conflict { .. } => Some(Problem::ChangedMeanwhile),
        other => proof::problem(other),
    }
}
