//! `POST /panel/invitations/{invitation_id}/decline`

use axum::response::Response;

use super::{page, problem, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::invitations::decline::decline;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    let invitation = target(&call)?;
    match decline(&call.app, &caller, invitation).await {
        Ok(()) => done(&call, page::PATH, Notice::Declined),
        Err(failure) => page::show(&call, &caller, &Said::refused(failure, problem)?, None).await,
    }
}
