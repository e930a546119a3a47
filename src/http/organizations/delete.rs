//! `DELETE /v2/organizations/{organization_id}`

use axum::response::Response;

use super::target;
use crate::domain::id::OrganizationId;
use crate::domain::password::Password;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::organizations::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    let (repeated, password) = read(call.optional_fields()?)?;
    delete(&call.app, &caller, organization, repeated, password.as_ref()).await?;
    Ok(answer::empty())
}

/// A second factor is not taken before accounts can have one; it is refused rather than overlooked.
fn read(mut fields: Fields) -> Result<(OrganizationId, Option<Password>), Failure> {
    let repeated = fields.required_text("organization_id", str::parse);
    let password = fields.text("password", |text| Ok::<_, std::convert::Infallible>(Password::given(text)));
    fields.forbid("code", &"is not taken; give the password");
    fields.finish(repeated.map(|repeated| (repeated, password)))
}
