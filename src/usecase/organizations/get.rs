//! One organization to which the caller's account belongs.

use super::{OrganizationRow, not_found};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::organizations;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// `None` is the one in which the caller acts. One to which the account does not belong is not found.
pub async fn get(app: &App, caller: &Caller, organization: Option<OrganizationId>) -> Result<OrganizationRow, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(organizations::get_for_caller(batch.token(), organization));
    let outcome = batch.run(|_| None).await?;
    outcome.first(found)?.ok_or_else(|| not_found(organization).into())
}
