//! `POST /v2/accounts/invitations`

use axum::response::Response;
use http::StatusCode;
use serde_json::json;

use crate::domain::account::{ACCOUNTS, MAX_NAME, MAX_PRODUCT};
use crate::domain::email::Email;
use crate::domain::role;
use crate::domain::text::{bounded, required};
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::invitations::create::{Creation, create};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let creation = read(call.fields()?)?;
    let invited = create(&call.app, &caller, &creation).await?;
    let status = if invited.new { StatusCode::CREATED } else { StatusCode::OK };
    answer::json(status, &json!({ "invitation_id": invited.id }))
}

fn read(mut fields: Fields) -> Result<Creation, Failure> {
    let email = fields.required_text("email", Email::parse);
    let name = fields.text("name", |text| bounded(text, MAX_NAME)).unwrap_or_default();
    let product = fields.text("product", |text| required(text, MAX_PRODUCT)).unwrap_or_else(|| ACCOUNTS.to_owned());
    let role = fields.text("role", |text| required(text, role::MAX_NAME));
    fields.finish(email.map(|email| Creation { email, name, product, role }))
}
