//! `POST /v2/accounts/me/passkeys`

use axum::response::Response;
use http::StatusCode;

use super::body::Passkey;
use super::credential;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::passkeys::MAX_NAME;
use crate::usecase::passkeys::create::{New, create};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let new = read(call.fields()?)?;
    answer::json(StatusCode::CREATED, &Passkey::from(create(&call.app, &caller, &new).await?))
}

fn read(mut fields: Fields) -> Result<New, Failure> {
    let name = fields.required_text("name", |text| required(text, MAX_NAME));
    let made = credential::registration(&mut fields);
    fields.finish(name.zip(made).map(|(name, (response, transports))| New { name, response, transports }))
}
