//! `POST /v2/organizations/{organization_id}/ownership`

use axum::response::Response;

use super::body::Organization;
use super::target;
use crate::domain::id::AccountId;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::organizations::transfer_ownership::transfer_ownership;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    let (heir, proof) = read(call.fields()?)?;
    let row = transfer_ownership(&call.app, &caller, organization, heir, proof.presented()).await?;
    answer::ok(&Organization::from(row))
}

fn read(mut fields: Fields) -> Result<(AccountId, Proof), Failure> {
    let heir = fields.required_text("account_id", str::parse);
    let proof = Proof::read(&mut fields);
    fields.finish(heir.map(|heir| (heir, proof)))
}
