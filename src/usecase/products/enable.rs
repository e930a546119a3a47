//! A product begins in the caller's organization.

use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::audit::Change;
use crate::store::products;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::{guard_own, refusal};
use crate::usecase::{Failure, InvalidFields, Refusal};

/// The owner has the product's administrator role with it, so that somebody can give the others theirs.
pub async fn enable(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    product: &str,
) -> Result<(), Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, organization);
    batch.push(products::refuse_unknown(product));
    batch.push(products::refuse_enabled(batch.token(), product));
    batch.push(products::insert_for_caller(batch.token(), product, now));
    batch.push(products::insert_role_of_owner(batch.token(), product, now));
    batch.audit(&Change::new("product.enable", "product", product))?;
    let refused = |name: &str| match name {
        products::refusal::UNKNOWN => {
            Some(Refusal::Invalid(InvalidFields::from([("product".to_owned(), "unknown product".to_owned())])))
        }
        products::refusal::ENABLED => {
            Some(Refusal::Conflict { resource: "product", description: "The organization has this product already." })
        }
        other => refusal(other, organization),
    };
    batch.run(refused).await.map(drop)
}
