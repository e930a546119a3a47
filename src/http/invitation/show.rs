//! `GET /invitation`

use axum::response::Response;
use http::StatusCode;

use super::page::{self, Said};
use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::Failure;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let token = call.query("token")?.unwrap_or_default();
    let visit = Visit::of(&call, token)?;
    page::show(&visit, StatusCode::OK, &Said::default()).await
}
