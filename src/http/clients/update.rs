//! `PATCH /v2/clients/{client_id}`

use axum::response::Response;
use serde::Serialize;
use serde_json::Value;

use super::body::configuration_uri;
use crate::domain::client::MAX_NAME;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::oauth::client_secret;
use crate::oauth::redirect_uri::RedirectUri;
use crate::usecase::Failure;
use crate::usecase::clients::update::{Changes, SecretWish, update};

/// `{}`, unless the client has a new secret: no other answer will hold it.
#[derive(Serialize)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let id = call.id("client_id")?;
    let changes = read(call.fields()?)?;
    let secret = update(&call.app, &caller, &id, &changes).await?;
    answer::ok(&Body { secret }).map(answer::never_stored)
}

fn read(mut fields: Fields) -> Result<Changes, Failure> {
    let changes = Changes {
        name: fields.text("name", |text| required(text, MAX_NAME)),
        r#type: fields.text("type", str::parse),
        visibility: fields.text("visibility", str::parse),
        configuration_uri: fields.nullable_text("configuration_uri", configuration_uri).map(Option::flatten),
        redirect_uris: fields.text("redirect_uri", RedirectUri::parse_list),
        secret: fields.value("secret", secret).flatten(),
    };
    fields.finish(Some(changes))
}

/// `true` asks for a new secret. A text must be the present one, as a form that sends every field back has it.
fn secret(value: &Value) -> Result<Option<SecretWish>, &'static str> {
    match value {
        Value::Bool(true) => Ok(Some(SecretWish::Rotate)),
        Value::Bool(false) => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => Ok(Some(SecretWish::Keep(client_secret::digest(text)))),
        _ => Err("must be true, for a new one"),
    }
}
