//! `POST /panel/merges/{merge_id}/approve`

use axum::response::Response;

use super::{page, problem, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::What;
use crate::http::panel::ended::ended;
use crate::http::panel::proof;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::merges::approve::{Approval, approve};

/// What is approved is what the page showed: `preview_version` is always compared.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let place = target(&call)?;
    let version = Some(form.text("preview_version").to_owned());
    let proof = proof::given(&form);
    match approve(&call.app, &caller, place, &Approval { proof: proof.presented(), version }).await {
        Ok(_) => ended(&call, &caller, What::Merged).await,
        Err(failure) => page::show(&call, &caller, place.merge, &Said::refused(failure, problem)?).await,
    }
}
