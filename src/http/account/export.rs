//! `POST /account/export`

use axum::response::Response;

use super::page::{self, Said};
use super::{proof, submitted};
use crate::http::call::Call;
use crate::http::export_file;
use crate::usecase::accounts::export::begin;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    match begin(&call.app, &caller, proof::EXPORT.given(&form).presented()).await {
        Ok(export) => export_file::answer(&call.app, caller, export),
        Err(Failure::Refused(Refusal::Forbidden(why))) => {
            let problems = vec![proof::EXPORT.problem(why)];
            page::show(&call, &caller, &Said { problems, ..Said::default() }).await
        }
        Err(other) => Err(other),
    }
}
