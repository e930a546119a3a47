//! `DELETE /v2/accounts/invitations/{invitation_id}`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::invitations::decline::decline;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let invitation = call.target_or_absent("invitation_id", "invitation", &[])?.id();
    let invitation = invitation.ok_or(Refusal::NotFound { resource: "invitation", id: None })?;
    decline(&call.app, &caller, invitation).await?;
    Ok(answer::nothing())
}
