//! `DELETE /v2/organizations/{organization_id}`

use axum::response::Response;

use super::target;
use crate::domain::id::OrganizationId;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::organizations::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    let (repeated, proof) = read(call.optional_fields()?)?;
    delete(&call.app, &caller, organization, repeated, proof.presented()).await?;
    Ok(answer::empty())
}

fn read(mut fields: Fields) -> Result<(OrganizationId, Proof), Failure> {
    let repeated = fields.required_text("organization_id", str::parse);
    let proof = Proof::read(&mut fields);
    fields.finish(repeated.map(|repeated| (repeated, proof)))
}
