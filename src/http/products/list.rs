//! `GET /v2/organizations/{organization_id}/products`

use axum::response::Response;

use super::body::Product;
use crate::http::call::Call;
use crate::http::{answer, organizations};
use crate::usecase::Failure;
use crate::usecase::products::list::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let organization = organizations::target(&call)?;
    let products = list(&call.app, &caller, organization).await?;
    answer::ok(&products.into_iter().map(Product::from).collect::<Vec<_>>())
}
