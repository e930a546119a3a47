//! `GET /v2/accounts/me/passkeys`

use axum::response::Response;

use super::body::Passkey;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::passkeys::list::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let passkeys = list(&call.app, &call.caller()?).await?;
    answer::ok(&passkeys.into_iter().map(Passkey::from).collect::<Vec<_>>())
}
