//! `POST /panel/people/{account_id}/roles`

use axum::response::Response;

use super::{page, role_fields, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::accounts::set_roles::set_roles;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let account = target(&call)?;
    let said = match role_fields::changes(&form) {
        None => Said::wrong(vec![Problem::RolesImpossible]),
        Some(changes) => match set_roles(&call.app, &caller, Some(account), &changes).await {
            Ok(_) => return done(&call, &page::path(account), Notice::RolesSaved),
            Err(failure) => Said::refused(failure, problem)?,
        },
    };
    page::show(&call, &caller, account, &said, Some(&form)).await
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Invalid(_) | Refusal::NotFound { resource: "role", .. } => Some(Problem::RolesImpossible),
        _ => None,
    }
}
