//! `POST /account/export`

use axum::response::Response;

use super::page::{self, Said};
use super::submitted;
use crate::domain::password::Password;
use crate::http::call::Call;
use crate::http::export_file;
use crate::http::pages::Problem;
use crate::usecase::accounts::export::begin;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let password = Password::given(form.text("export_password"));
    match begin(&call.app, &caller, Some(&password)).await {
        Ok(export) => export_file::answer(&call.app, caller, export),
        Err(Failure::Refused(Refusal::Forbidden(_))) => {
            page::show(&call, &caller, &Said { problems: vec![Problem::ExportProofWrong], ..Said::default() }).await
        }
        Err(other) => Err(other),
    }
}
