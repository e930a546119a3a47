//! `POST /panel/merges/{merge_id}/withdraw`

use axum::response::Response;

use super::{page, problem, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::merges::withdraw::withdraw;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    let place = target(&call)?;
    match withdraw(&call.app, &caller, place).await {
        Ok(()) => done(&call, &page::path(place.merge), Notice::MergeEnded),
        Err(failure) => page::show(&call, &caller, place.merge, &Said::refused(failure, problem)?).await,
    }
}
