//! `GET /account`

use axum::response::Response;

use super::page::{self, Said};
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::Failure;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let notice = call.query("done")?.and_then(|code| Notice::of(&code));
    // A body that is too large is refused before anybody knows whose it is; `http::error::browser` leads here.
    let too_large = call.query("refused")?.as_deref() == Some("picture");
    let problems = too_large.then_some(Problem::PictureTooLarge).into_iter().collect();
    page::show(&call, &caller, &Said { notice, problems, ..Said::default() }).await
}
