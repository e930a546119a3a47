//! `POST /v2/accounts/me/mfa/recovery_codes`

use axum::response::Response;

use super::{code_alone, shown_once};
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::second_factor::new_recovery_codes::new_recovery_codes;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let code = code_alone(&call)?;
    shown_once(new_recovery_codes(&call.app, &caller, code.as_deref()).await?)
}
