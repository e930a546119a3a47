//! `POST /v2/roles`

use axum::response::Response;
use http::StatusCode;

use super::body::RoleWithScope;
use crate::domain::account::MAX_PRODUCT;
use crate::domain::role::MAX_NAME;
use crate::domain::scope::parse_list;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::roles::create::{Creation, create};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let creation = read(call.fields()?)?;
    let created = create(&call.app, &caller, &creation).await?;
    answer::json(StatusCode::CREATED, &RoleWithScope::from(created))
}

fn read(mut fields: Fields) -> Result<Creation, Failure> {
    let product = fields.required_text("product", |text| required(text, MAX_PRODUCT));
    let name = fields.required_text("role", |text| required(text, MAX_NAME));
    let scopes = fields.required_text("scope", parse_list);
    let creation = product.zip(name).zip(scopes).map(|((product, name), scopes)| Creation { product, name, scopes });
    fields.finish(creation)
}
