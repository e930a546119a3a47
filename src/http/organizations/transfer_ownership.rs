//! `POST /v2/organizations/{organization_id}/ownership`

use axum::response::Response;

use super::body::Organization;
use super::target;
use crate::domain::id::AccountId;
use crate::domain::password::Password;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::organizations::transfer_ownership::transfer_ownership;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = target(&call)?;
    let (heir, password) = read(call.fields()?)?;
    let row = transfer_ownership(&call.app, &caller, organization, heir, password.as_ref()).await?;
    answer::ok(&Organization::from(row))
}

/// A second factor is not taken before accounts can have one; it is refused rather than overlooked.
fn read(mut fields: Fields) -> Result<(AccountId, Option<Password>), Failure> {
    let heir = fields.required_text("account_id", str::parse);
    let password = fields.text("password", |text| Ok::<_, std::convert::Infallible>(Password::given(text)));
    fields.forbid("code", &"is not taken; give the password");
    fields.finish(heir.map(|heir| (heir, password)))
}
