//! `GET /v2/clients`, whole or by `limit` and `cursor`.

use axum::response::Response;

use super::body::Client;
use crate::http::call::Call;
use crate::http::paging::Paging;
use crate::usecase::Failure;
use crate::usecase::clients::list::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let paging = Paging::read(&call, String::new(), None)?;
    let app = call.app.clone();
    let fetch = move |request| {
        let (app, caller) = (app.clone(), caller.clone());
        async move { Ok(list(&app, &caller, request).await?.map(Client::from)) }
    };
    let first = fetch(paging.request).await?;
    paging.answer(&call.app, first, fetch)
}
