//! `PATCH /v2/roles/{role_id}`

use axum::response::Response;

use super::body::RoleWithScope;
use crate::domain::role::MAX_NAME;
use crate::domain::scope::parse_list;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::roles::update::{Changes, update};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let role = call.id("role_id")?;
    let changes = read(call.fields()?)?;
    answer::ok(&RoleWithScope::from(update(&call.app, &caller, role, &changes).await?))
}

fn read(mut fields: Fields) -> Result<Changes, Failure> {
    let name = fields.text("role", |text| required(text, MAX_NAME));
    let scopes = fields.text("scope", parse_list);
    fields.finish(Some(Changes { name, scopes }))
}
