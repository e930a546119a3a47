//! `POST /panel/roles`

use axum::response::Response;

use super::{fields, list_page, page, problem};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::roles::create::{Creation, create};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let said = match fields(&form) {
        Err(problems) => Said::wrong(problems),
        Ok((name, scopes)) => {
            let creation = Creation { product: form.text("product").to_owned(), name, scopes };
            match create(&call.app, &caller, &creation).await {
                Ok(created) => return done(&call, &page::path(created.role.role_id), Notice::RoleCreated),
                Err(failure) => Said::refused(failure, problem)?,
            }
        }
    };
    list_page::show(&call, &caller, &said, Some(&form)).await
}
