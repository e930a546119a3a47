//! `PATCH /v2/organizations/{organization_id}`

use axum::response::Response;

use super::body::{Organization, details};
use super::target;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::organizations::update::update;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    let mut fields = call.fields()?;
    let details = details(&mut fields);
    let details = fields.finish(Some(details))?;
    answer::ok(&Organization::from(update(&call.app, &caller, organization, &details).await?))
}
