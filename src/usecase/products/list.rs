//! The products that the caller's organization has enabled.

use super::ProductRow;
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::products;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::{guard_own, refusal};

/// All of them, as many as the catalogue has at most. Product Accounts, which cannot be missing, is not among them.
pub async fn list(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
) -> Result<Vec<ProductRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, organization);
    let found = batch.push(products::list_for_caller(batch.token()));
    batch.run(|name| refusal(name, organization)).await?.all(found)
}
