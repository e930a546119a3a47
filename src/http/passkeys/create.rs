//! `POST /v2/accounts/me/passkeys`

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::body::Passkey;
use super::credential;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::passkeys::MAX_NAME;
use crate::usecase::passkeys::create::{New, create};

/// The only answer that holds recovery codes.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    passkey: Passkey,
    recovery_codes: Vec<String>,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let new = read(call.fields()?)?;
    let created = create(&call.app, &caller, &new).await?;
    let body = Body { passkey: created.row.into(), recovery_codes: created.recovery_codes };
    answer::json(StatusCode::CREATED, &body).map(answer::never_stored)
}

fn read(mut fields: Fields) -> Result<New, Failure> {
    let name = fields.required_text("name", |text| required(text, MAX_NAME));
    let made = credential::registration(&mut fields);
    fields.finish(name.zip(made).map(|(name, (response, transports))| New { name, response, transports }))
}
