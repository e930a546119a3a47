//! `GET /panel/organization`

use axum::response::Response;

use super::page::{self, Written};
use crate::http::call::Call;
use crate::http::panel::said::Said;
use crate::usecase::Failure;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    page::show(&call, &call.caller()?, &Said::by(&call)?, &Written::default()).await
}
