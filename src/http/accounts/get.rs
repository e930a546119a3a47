//! `GET /v2/accounts/{account_id}`

use axum::response::Response;

use super::body::Account;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::accounts::get;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let account = call.target("account_id", &["me", "my"])?.id();
    answer::ok(&Account::from(get::get(&call.app, &caller, account).await?))
}
