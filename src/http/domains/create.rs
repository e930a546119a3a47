//! `POST /v2/organizations/{organization_id}/domains`, as JSON or as a form.

use axum::response::Response;
use http::StatusCode;

use super::body::Domain;
use crate::domain::mail_domain::MailDomain;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::domains::add::add;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    let mut fields = call.fields_or_form()?;
    let domain = fields.required_text("domain", MailDomain::parse);
    let domain = fields.finish(domain)?;
    let added = add(&call.app, &caller, organization, &domain).await?;
    answer::json(StatusCode::CREATED, &Domain::from(added))
}
