//! `POST /panel/products/disable`

use axum::response::Response;

use super::page;
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::products::disable::disable;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    match disable(&call.app, &caller, None, form.text("product")).await {
        Ok(()) => done(&call, page::PATH, Notice::ProductDisabled),
        Err(failure) => page::show(&call, &caller, &Said::refused(failure, problem)?).await,
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    matches!(refusal, Refusal::Invalid(_) | Refusal::NotFound { .. }).then_some(Problem::Gone)
}
