//! `POST /email/undo`: the button.

use axum::response::Response;

use super::page::{Reader, done};
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::mail::undo_email::undo_email;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let form = Reader::of(&call)?.form()?;
    done(&call, undo_email(&call.app, form.text("token")).await)
}
