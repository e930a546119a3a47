//! `PATCH /v2/accounts/me/passkeys/{passkey_id}`

use axum::response::Response;

use super::body::Passkey;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::passkeys::MAX_NAME;
use crate::usecase::passkeys::rename::rename;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let passkey = call.id("passkey_id")?;
    let name = read(call.fields()?)?;
    answer::ok(&Passkey::from(rename(&call.app, &caller, passkey, &name).await?))
}

fn read(mut fields: Fields) -> Result<String, Failure> {
    let name = fields.required_text("name", |text| required(text, MAX_NAME));
    fields.finish(name)
}
