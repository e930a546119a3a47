//! A product of an organization on the wire (API, section 1.3).

use serde::Serialize;

use crate::domain::time::Timestamp;
use crate::usecase::products::ProductRow;

/// Product.
#[derive(Serialize)]
pub(super) struct Product {
    product: String,
    client_id: Option<String>,
    state: String,
    created_at: Timestamp,
}

impl From<ProductRow> for Product {
    fn from(row: ProductRow) -> Self {
        let ProductRow { product, client_id, state, created_at } = row;
        Self { product, client_id, state, created_at }
    }
}
