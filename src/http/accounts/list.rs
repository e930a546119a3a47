//! `GET /v2/accounts`, whole or by `limit` and `cursor`; `email` finds one.

use axum::response::Response;

use super::body::Account;
use crate::domain::email::Email;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::paging::Paging;
use crate::usecase::accounts::list::{find, list};
use crate::usecase::page::{Page, PageRequest};
use crate::usecase::{Failure, InvalidFields, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    if let Some(email) = call.query("email")? {
        let email = Email::parse(&email)
            .map_err(|error| Refusal::Invalid(InvalidFields::from([("email".to_owned(), error.to_string())])))?;
        let found = find(&call.app, &caller, &email).await?;
        return answer::ok(&found.into_iter().map(Account::from).collect::<Vec<_>>());
    }
    let paging = Paging::read(&call, String::new(), None)?;
    let app = call.app.clone();
    let fetch = move |request: PageRequest| {
        let (app, caller) = (app.clone(), caller.clone());
        async move {
            let page = list(&app, &caller, request).await?;
            Ok(Page { items: page.items.into_iter().map(Account::from).collect(), next: page.next })
        }
    };
    let first = fetch(paging.request).await?;
    paging.answer(&call.app, first, fetch)
}
