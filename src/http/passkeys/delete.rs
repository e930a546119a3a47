//! `DELETE /v2/accounts/me/passkeys/{passkey_id}`

use axum::response::Response;

use crate::domain::password::Password;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::passkeys::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let passkey = call.id("passkey_id")?;
    let password = proof(call.optional_fields()?)?;
    delete(&call.app, &caller, passkey, password.as_ref()).await?;
    Ok(answer::empty())
}

/// The proof of who is there; `None` stands for a fresh sign-in.
pub(super) fn proof(mut fields: Fields) -> Result<Option<Password>, Failure> {
    let password = fields.text("password", |text| Ok::<_, std::convert::Infallible>(Password::given(text)));
    fields.forbid("code", &"is not taken; give the password");
    fields.finish(Some(password))
}
