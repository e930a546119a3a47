//! `POST /v2/organizations/{organization_id}/products`

use axum::response::Response;

use crate::domain::account::MAX_PRODUCT;
use crate::domain::text::required;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::products::enable::enable;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    let mut fields = call.fields()?;
    let product = fields.required_text("product", |text| required(text, MAX_PRODUCT));
    let product = fields.finish(product)?;
    enable(&call.app, &caller, organization, &product).await?;
    Ok(answer::empty())
}
