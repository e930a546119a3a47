//! `POST /panel/invitations/{invitation_id}/approve`

use axum::response::Response;

use super::{page, problem, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::invitations::approve::approve;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let invitation = target(&call)?;
    match approve(&call.app, &caller, invitation, form.text("role")).await {
        Ok(_) => done(&call, page::PATH, Notice::Approved),
        Err(failure) => page::show(&call, &caller, &Said::refused(failure, problem)?, None).await,
    }
}
