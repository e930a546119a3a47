//! `GET /v2/accounts/invitations`, whole or by `limit` and `cursor`; `email` finds those of one address.

use axum::response::Response;

use super::body::Invitation;
use crate::domain::email::Email;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::paging::Paging;
use crate::usecase::invitations::list::{find, list};
use crate::usecase::page::PageRequest;
use crate::usecase::{Failure, InvalidFields, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    if let Some(email) = call.query("email")? {
        let email = Email::parse(&email)
            .map_err(|error| Refusal::Invalid(InvalidFields::from([("email".to_owned(), error.to_string())])))?;
        let found = find(&call.app, &caller, &email).await?;
        return answer::ok(&found.into_iter().map(Invitation::from).collect::<Vec<_>>());
    }
    let paging = Paging::read(&call, String::new(), None)?;
    let app = call.app.clone();
    let fetch = move |request: PageRequest| {
        let (app, caller) = (app.clone(), caller.clone());
        async move { Ok(list(&app, &caller, request).await?.map(Invitation::from)) }
    };
    let first = fetch(paging.request).await?;
    paging.answer(&call.app, first, fetch)
}
