//! `PUT /v2/clients/{client_id}/scopes`; the body is an array of scopes or `{scope, required}`.

use axum::response::Response;

use super::body::scopes;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::clients::scopes::set;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let id = call.id("client_id")?;
    let mut fields = call.array("scopes")?;
    let scopes = scopes(&mut fields);
    let scopes = fields.finish(scopes)?;
    set(&call.app, &caller, &id, &scopes).await?;
    Ok(answer::empty())
}
