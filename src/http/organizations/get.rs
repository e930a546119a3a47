//! `GET /v2/organizations/{organization_id}`

use axum::response::Response;

use super::body::Organization;
use super::target;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::organizations::get::get;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    answer::ok(&Organization::from(get(&call.app, &caller, organization).await?))
}
