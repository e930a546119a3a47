//! `GET /panel/merges`

use std::collections::BTreeSet;

use axum::response::Response;

use super::list_page;
use crate::http::call::Call;
use crate::http::panel::said::Said;
use crate::usecase::Failure;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    list_page::show(&call, &call.caller()?, &Said::by(&call)?, None, &BTreeSet::new()).await
}
