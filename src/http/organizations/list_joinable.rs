//! `GET /v2/organizations/joinable`

use axum::response::Response;
use serde::Serialize;

use crate::domain::id::OrganizationId;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::organizations::list_joinable::list_joinable;

/// What is told of an organization to who does not belong to it yet.
#[derive(Serialize)]
struct Joinable {
    organization_id: OrganizationId,
    name: String,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let found = list_joinable(&call.app, &caller).await?;
    let told = found.into_iter().map(|row| Joinable { organization_id: row.organization_id, name: row.name });
    answer::ok(&told.collect::<Vec<_>>())
}
