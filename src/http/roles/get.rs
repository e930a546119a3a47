//! `GET /v2/roles/{role_id}`

use axum::response::Response;

use super::body::RoleWithScope;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::roles::get::get;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let role = call.id("role_id")?;
    answer::ok(&RoleWithScope::from(get(&call.app, &caller, role).await?))
}
