//! `POST /v2/organizations/{organization_id}/merges`

use std::collections::BTreeMap;

use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::body::Merge;
use crate::domain::account::MAX_PRODUCT;
use crate::domain::id::OrganizationId;
use crate::domain::text::required;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::proof::Proof;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::merges::request::{Wish, request};

/// Most products that `keep` names.
const MAX_KEEP: usize = 100;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    let (wish, proof) = read(call.fields()?)?;
    let merge = request(&call.app, &caller, organization, &wish, proof.presented()).await?;
    answer::json(StatusCode::CREATED, &Merge::from(merge))
}

fn read(mut fields: Fields) -> Result<(Wish, Proof), Failure> {
    let source = fields.required_text("source_organization_id", str::parse);
    let keep = fields.value("keep", keep).unwrap_or_default();
    let proof = Proof::read(&mut fields);
    fields.finish(source.map(|source| (Wish { source, keep }, proof)))
}

fn keep(value: &Value) -> Result<BTreeMap<String, OrganizationId>, String> {
    let products = value.as_object().ok_or("must be an object")?;
    if products.len() > MAX_KEEP {
        return Err(format!("names more than {MAX_KEEP} products"));
    }
    let read = |(product, organization): (&String, &Value)| {
        let product = required(product, MAX_PRODUCT).map_err(|_| "names no product")?;
        let organization = organization.as_str().ok_or("must name organizations")?;
        Ok((product, organization.parse().map_err(|_| "must name organizations")?))
    };
    products.iter().map(read).collect::<Result<_, &str>>().map_err(str::to_owned)
}
