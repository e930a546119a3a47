//! `GET /v2/organizations/{organization_id}/merges/{merge_id}`

use axum::response::Response;

use super::body::Merge;
use super::place;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::merges::get::get;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let place = place(&call)?;
    answer::ok(&Merge::from(get(&call.app, &caller, place).await?))
}
