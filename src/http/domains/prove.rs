//! `POST /v2/organizations/{organization_id}/domains/{domain_id}/proof`

use axum::response::Response;

use super::body::Domain;
use super::target;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::domains::prove_by_dns::prove_by_dns;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (organization, domain) = (organizations::target(&call)?, target(&call)?);
    answer::ok(&Domain::from(prove_by_dns(&call.app, &caller, organization, domain).await?))
}
