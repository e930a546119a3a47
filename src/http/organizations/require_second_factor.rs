//! `PUT /v2/organizations/{organization_id}/two_factor`

use axum::response::Response;
use serde::Serialize;

use super::target;
use crate::domain::time::Timestamp;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::organizations::require_second_factor::require_second_factor;

#[derive(Serialize)]
struct Body {
    required_at: Option<Timestamp>,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    let (required_at, proof) = read(call.fields()?)?;
    require_second_factor(&call.app, &caller, organization, required_at, proof.presented()).await?;
    answer::ok(&Body { required_at })
}

/// `null` ends the demand; not to say anything is a mistake.
fn read(mut fields: Fields) -> Result<(Option<Timestamp>, Proof), Failure> {
    let time = |text: &str| Timestamp::parse_rfc3339(text).ok_or("must be a time in RFC 3339");
    let required_at = fields.required_nullable_text("required_at", time);
    let proof = Proof::read(&mut fields);
    fields.finish(required_at.map(|required_at| (required_at, proof)))
}
