//! `POST /v2/organizations/{organization_id}/merges/{merge_id}/approve`

use axum::response::Response;

use super::body::Merge;
use super::place;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::merges::approve::{Approval, approve};

/// Longest version of a preview.
const MAX_VERSION: usize = 1_024;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let place = place(&call)?;
    let (proof, version) = read(call.optional_fields()?)?;
    let approval = Approval { proof: proof.presented(), version };
    answer::ok(&Merge::from(approve(&call.app, &caller, place, &approval).await?))
}

fn read(mut fields: Fields) -> Result<(Proof, Option<String>), Failure> {
    let proof = Proof::read(&mut fields);
    let version = fields.text("preview_version", |text| required(text, MAX_VERSION));
    fields.finish(Some((proof, version)))
}
