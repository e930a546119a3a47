//! `POST /panel/organization/delete`

use axum::response::Response;

use super::page::{self, Written};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Problem, What};
use crate::http::panel::ended::ended;
use crate::http::panel::proof;
use crate::http::panel::said::Said;
use crate::usecase::organizations::delete::delete;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let (repeated, proof) = (form.text("organization_id").trim(), proof::given(&form));
    let said = match repeated.parse() {
        Err(_) => Said::wrong(vec![Problem::NotRepeated]),
        Ok(organization) => match delete(&call.app, &caller, None, organization, proof.presented()).await {
            Ok(()) => return ended(&call, &caller, What::Deleted).await,
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, &said, &Written { repeated, ..Written::default() }).await
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Invalid(_) => Some(Problem::NotRepeated),
        Refusal::Conflict { .. } => Some(Problem::ChangedMeanwhile),
        other => proof::problem(other),
    }
}
