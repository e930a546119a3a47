//! `GET /second-step`: what a sign-in by password still needs, of an account with a second factor.

use axum::response::Response;
use http::StatusCode;

use super::second_step_page::{self, WayOn};
use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::second_factor::look::look;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let way = WayOn::of(&visit, |name| call.query(name))?;
    match look(&call.app, &visit.visitor, way.handle()).await? {
        Some(step) => second_step_page::show(&visit, &way, &step, StatusCode::OK, &[]),
        None => way.go(&visit),
    }
}
