//! `GET /domain`: what the link will do, and a button that does it.

use axum::response::Response;

use super::page::show;
use crate::http::call::Call;
use crate::http::pages::{Asked, Outcome};
use crate::oauth::mail_link::Purpose;
use crate::usecase::Failure;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    show(&call, Purpose::Domain, Asked::Domain, Outcome::DomainProven).await
}
