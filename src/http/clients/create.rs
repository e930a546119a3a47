//! `POST /v2/clients`

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::body::{Client, configuration_uri, scopes};
use crate::domain::client::MAX_NAME;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::oauth::redirect_uri::RedirectUri;
use crate::usecase::Failure;
use crate::usecase::clients::create::{Registration, create};

/// The only answer that holds a new client's secret.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    client: Client,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let registration = read(call.fields()?)?;
    let registered = create(&call.app, &caller, &registration).await?;
    answer::json(StatusCode::CREATED, &Body { client: registered.row.into(), secret: registered.secret })
        .map(answer::never_stored)
}

fn read(mut fields: Fields) -> Result<Registration, Failure> {
    let name = fields.required_text("name", |text| required(text, MAX_NAME));
    let r#type = fields.required_text("type", str::parse);
    let visibility = fields.text("visibility", str::parse).unwrap_or_default();
    let configuration_uri = fields.text("configuration_uri", configuration_uri).flatten();
    let redirect_uris = fields.text("redirect_uri", RedirectUri::parse_list).unwrap_or_default();
    let scopes = scopes(&mut fields).unwrap_or_default();
    let required = name.zip(r#type);
    fields.finish(required.map(|(name, r#type)| Registration {
        name,
        r#type,
        visibility,
        configuration_uri,
        redirect_uris,
        scopes,
    }))
}
