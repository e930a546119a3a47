//! `GET /v2/accounts/me/export`

use axum::response::Response;

use crate::http::call::Call;
use crate::http::export_file;
use crate::usecase::Failure;
use crate::usecase::accounts::export::begin;
use crate::usecase::step_up::Presented;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let export = begin(&call.app, &caller, Presented::default()).await?;
    export_file::answer(&call.app, caller, export)
}
