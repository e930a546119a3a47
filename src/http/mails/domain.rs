//! `POST /domain`: the button.

use axum::response::Response;

use super::page::{Reader, done};
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::mail::prove_domain::prove_domain;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let form = Reader::of(&call)?.form()?;
    done(&call, prove_domain(&call.app, form.text("token")).await)
}
