//! `POST /v2/organizations/{organization_id}/merges/{merge_id}/approve`

use axum::response::Response;

use super::body::Merge;
use super::place;
use crate::domain::password::Password;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::merges::approve::{Approval, approve};

/// Longest version of a preview.
const MAX_VERSION: usize = 1_024;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let place = place(&call)?;
    let approval = read(call.optional_fields()?)?;
    answer::ok(&Merge::from(approve(&call.app, &caller, place, &approval).await?))
}

/// A second factor is not taken before accounts can have one; it is refused rather than overlooked.
fn read(mut fields: Fields) -> Result<Approval, Failure> {
    let password = fields.text("password", |text| Ok::<_, std::convert::Infallible>(Password::given(text)));
    let version = fields.text("preview_version", |text| required(text, MAX_VERSION));
    fields.forbid("code", &"is not taken; give the password");
    fields.finish(Some(Approval { password, version }))
}
