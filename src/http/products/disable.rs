//! `DELETE /v2/organizations/{organization_id}/products/{product}`

use axum::response::Response;

use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::products::disable::disable;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    disable(&call.app, &caller, organization, call.param("product")?).await?;
    Ok(answer::empty())
}
