//! `POST /panel/domains/{domain_id}/remove`

use axum::response::Response;

use super::{page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::domains::remove::remove;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    match remove(&call.app, &caller, None, target(&call)?).await {
        Ok(()) => done(&call, page::PATH, Notice::DomainRemoved),
        Err(failure) => page::show(&call, &caller, &Said::refused(failure, |_| None)?, "").await,
    }
}
