//! `DELETE /v2/organizations/{organization_id}/domains/{domain_id}`

use axum::response::Response;

use super::target;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::domains::remove::remove;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (organization, domain) = (organizations::target(&call)?, target(&call)?);
    remove(&call.app, &caller, organization, domain).await?;
    Ok(answer::empty())
}
