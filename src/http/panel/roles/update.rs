//! `POST /panel/roles/{role_id}`

use axum::response::Response;

use super::{fields, page, problem, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::roles::update::{Changes, update};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let role = target(&call)?;
    let said = match fields(&form) {
        Err(problems) => Said::wrong(problems),
        Ok((name, scopes)) => {
            let changes = Changes { name: Some(name), scopes: Some(scopes) };
            match update(&call.app, &caller, role, &changes).await {
                Ok(_) => return done(&call, &page::path(role), Notice::RoleSaved),
                Err(failure) => Said::refused(failure, problem)?,
            }
        }
    };
    page::show(&call, &caller, role, &said, Some(&form)).await
}
