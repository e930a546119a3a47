//! `PUT /v2/accounts/invitations/{invitation_id}`

use axum::response::Response;
use serde_json::json;

use crate::domain::role::MAX_NAME;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::invitations::approve::approve;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let invitation = call.id("invitation_id")?;
    let mut fields = call.fields()?;
    let role = fields.required_text("role", |text| required(text, MAX_NAME));
    let role = fields.finish(role)?;
    let account = approve(&call.app, &caller, invitation, &role).await?;
    answer::ok(&json!({ "account_id": account }))
}
