//! `POST /verify`: the button.

use axum::response::Response;

use super::page::{Reader, done};
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::mail::verify_email::verify_email;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let form = Reader::of(&call)?.form()?;
    done(&call, verify_email(&call.app, form.text("token")).await)
}
