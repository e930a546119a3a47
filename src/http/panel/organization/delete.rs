//! `POST /panel/organization/delete`

use axum::response::Response;

use super::page;
use crate::domain::password::Password;
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Problem, What};
use crate::http::panel::ended::ended;
use crate::http::panel::said::Said;
use crate::usecase::organizations::delete::delete;
use crate::usecase::step_up::{PROOF_MISSING, PROOF_WRONG};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let (repeated, password) = (form.text("organization_id").trim(), form.text("current_password"));
    let password = (!password.is_empty()).then(|| Password::given(password));
    let said = match repeated.parse() {
        Err(_) => Said::wrong(vec![Problem::NotRepeated]),
        Ok(organization) => match delete(&call.app, &caller, None, organization, password.as_ref()).await {
            Ok(()) => return ended(&call, &caller, What::Deleted).await,
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, &said, None, repeated).await
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Forbidden(PROOF_MISSING) => Some(Problem::ProofMissing),
        Refusal::Forbidden(PROOF_WRONG) => Some(Problem::ProofWrong),
        Refusal::Invalid(_) => Some(Problem::NotRepeated),
        Refusal::Conflict { .. } => Some(Problem::ChangedMeanwhile),
        _ => None,
    }
}
