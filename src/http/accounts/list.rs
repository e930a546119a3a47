//! `GET /v2/accounts`

use axum::response::Response;

use super::body::Account;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::accounts::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let mut accounts = Vec::new();
    let mut after = None;
    loop {
        let page = list::list(&call.app, &caller, after, list::PAGE).await?;
        accounts.extend(page.accounts.into_iter().map(Account::from));
        after = page.next;
        if after.is_none() {
            return answer::ok(&accounts);
        }
    }
}
