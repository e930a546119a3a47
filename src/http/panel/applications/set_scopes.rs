//! `POST /panel/applications/{client_id}/scopes`

use axum::response::Response;

use super::fields::problem;
use super::page::Shown;
use super::{page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::http::panel::scopes::asked;
use crate::usecase::Failure;
use crate::usecase::clients::scopes::replace;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let id = target(&call)?;
    let said = match asked(&form) {
        None => Said::wrong(vec![Problem::ScopeMissing]),
        Some(scopes) => match replace(&call.app, &caller, &id, &scopes).await {
            Ok(()) => return done(&call, &page::path(&id), Notice::ScopesSaved),
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, &id, &said, &Shown { scopes: Some(&form), ..Shown::default() }).await
}
