//! `GET /v2/organizations/{organization_id}/merges`

use axum::response::Response;

use super::body::ListedMerge;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::merges::list::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    let merges = list(&call.app, &caller, organization).await?;
    answer::ok(&merges.into_iter().map(ListedMerge::from).collect::<Vec<_>>())
}
