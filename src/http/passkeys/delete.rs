//! `DELETE /v2/accounts/me/passkeys/{passkey_id}`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::passkeys::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let passkey = call.id("passkey_id")?;
    let mut fields = call.optional_fields()?;
    fields.forbid("password", &"is not enough here; give a code");
    let code = Proof::read_code(&mut fields);
    let code = fields.finish(Some(code))?;
    delete(&call.app, &caller, passkey, code.as_deref()).await?;
    Ok(answer::empty())
}
