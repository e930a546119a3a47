//! `GET /v2/organizations/{organization_id}/domains`

use axum::response::Response;

use super::body::Domain;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::domains::list::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    let domains = list(&call.app, &caller, organization).await?;
    answer::ok(&domains.into_iter().map(Domain::from).collect::<Vec<_>>())
}
