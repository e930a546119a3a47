//! `POST /panel/people/{account_id}/remove`

use axum::response::Response;

use super::{page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::accounts::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    let account = target(&call)?;
    match delete(&call.app, &caller, Some(account)).await {
        Ok(()) => done(&call, "/panel", Notice::PersonRemoved),
        Err(failure) => page::show(&call, &caller, account, &Said::refused(failure, |_| None)?, None).await,
    }
}
