//! `POST /panel/roles/{role_id}/delete`

use axum::response::Response;

use super::{list_page, page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::roles::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    let role = target(&call)?;
    match delete(&call.app, &caller, role).await {
        Ok(()) => done(&call, list_page::PATH, Notice::RoleDeleted),
        Err(failure) => page::show(&call, &caller, role, &Said::refused(failure, |_| None)?, None).await,
    }
}
