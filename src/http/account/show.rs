//! `GET /account`

use axum::response::Response;

use super::page::{self, Said};
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let notice = call.query("done")?.and_then(|code| Notice::of(&code));
    page::show(&call, &caller, &Said { notice, ..Said::default() }).await
}
