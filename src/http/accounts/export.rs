//! `GET /v2/accounts/me/export`

use axum::response::Response;

use crate::http::call::Call;
use crate::http::export_file;
use crate::usecase::Failure;
use crate::usecase::accounts::export::begin;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let export = begin(&call.app, &caller, None).await?;
    export_file::answer(&call.app, caller, export)
}
