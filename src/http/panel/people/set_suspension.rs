//! `POST /panel/people/{account_id}/suspension`

use axum::response::Response;

use super::{page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::accounts::set_suspension::{Suspension, set_suspension};
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let account = target(&call)?;
    let (suspended, notice) = match form.text("suspended") {
        "true" => (true, Notice::Suspended),
        "false" => (false, Notice::Unsuspended),
        _ => return Err(Refusal::Malformed("suspended must be true or false.").into()),
    };
    let suspension = Suspension { product: form.text("product").to_owned(), suspended };
    match set_suspension(&call.app, &caller, Some(account), &suspension).await {
        Ok(_) => done(&call, &page::path(account), notice),
        Err(failure) => page::show(&call, &caller, account, &Said::refused(failure, problem)?, None).await,
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    matches!(refusal, Refusal::Invalid(_)).then_some(Problem::Gone)
}
