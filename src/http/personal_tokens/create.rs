//! `POST /v2/personal_token`

use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use serde::Serialize;

use super::body::PersonalToken;
use crate::domain::personal_token::{MAX_LIFETIME_SECONDS, MAX_NAME, Wanted};
use crate::domain::scope::parse_list;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::personal_tokens::create::create;

/// The only answer that holds the token itself.
#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    token: PersonalToken,
    personal_token: String,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let wanted = read(call.fields()?)?;
    let created = create(&call.app, &caller, &wanted).await?;
    answer::json(StatusCode::CREATED, &Body { token: created.row.into(), personal_token: created.secret })
        .map(answer::never_stored)
}

fn read(mut fields: Fields) -> Result<Wanted, Failure> {
    let name = fields.required_text("name", |text| required(text, MAX_NAME));
    let scopes = fields.required_text("scope", parse_list);
    let lifetime = fields.number("expires_in", 1..=MAX_LIFETIME_SECONDS).map(Duration::from_secs);
    fields.finish(name.zip(scopes).map(|(name, scopes)| Wanted { name, scopes, lifetime }))
}
