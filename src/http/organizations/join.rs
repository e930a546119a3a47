//! `POST /v2/organizations/{organization_id}/join`

use axum::response::Response;

use super::body::Organization;
use crate::http::answer;
use crate::http::call::{Call, Target};
use crate::usecase::organizations::join::join;
use crate::usecase::{Failure, Refusal};

/// One's own organization is one that is joined already; no alias stands for another.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = match call.target_or_absent("organization_id", "organization", &[])? {
        Target::Id(organization) => organization,
        Target::Own => return Err(Refusal::NotFound { resource: "organization", id: None }.into()),
    };
    answer::ok(&Organization::from(join(&call.app, &caller, organization).await?))
}
