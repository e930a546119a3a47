//! `POST /v2/accounts/me/mfa/recovery_codes`

use axum::response::Response;

use super::shown_once;
use crate::http::call::Call;
use crate::http::proof::Proof;
use crate::usecase::Failure;
use crate::usecase::second_factor::new_recovery_codes::new_recovery_codes;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let mut fields = call.optional_fields()?;
    fields.forbid("password", &"is not enough here; give a code");
    let code = Proof::read_code(&mut fields);
    let code = fields.finish(Some(code))?;
    shown_once(new_recovery_codes(&call.app, &caller, code.as_deref()).await?)
}
