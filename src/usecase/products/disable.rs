//! A product ends in the caller's organization.

use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::audit::Change;
use crate::store::products;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::{guard_own, refusal};
use crate::usecase::{Failure, InvalidFields, Refusal};

/// Every role of the product leaves its holders, and the tokens of the product's client die in this organization, the
/// caller's own perhaps among them. Custom roles of the product stay defined; nobody has them. Product Accounts cannot
/// be disabled.
pub async fn disable(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    product: &str,
) -> Result<(), Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, organization);
    batch.push(products::refuse_accounts(product));
    batch.push(products::refuse_not_enabled(batch.token(), product));
    batch.audit(&Change::new("product.disable", "product", product))?;
    batch.extend(products::remove_for_caller(batch.token(), product, app.now()));
    let refused = |name: &str| match name {
        products::refusal::ACCOUNTS => {
            Some(Refusal::Invalid(InvalidFields::from([("product".to_owned(), "cannot be disabled".to_owned())])))
        }
        products::refusal::NOT_ENABLED => Some(Refusal::NotFound { resource: "product", id: Some(product.to_owned()) }),
        other => refusal(other, organization),
    };
    batch.run(refused).await.map(drop)
}
