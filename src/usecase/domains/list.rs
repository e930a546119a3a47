//! The domains of an organization.

use super::{DomainRow, refused};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::organization_domains;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::guard_own;

/// All of them, proven or not, oldest first.
pub async fn list(app: &App, caller: &Caller, organization: Option<OrganizationId>) -> Result<Vec<DomainRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, organization);
    let found = batch.push(organization_domains::list_for_caller(batch.token()));
    batch.run(|name| refused(name, organization, None)).await?.all(found)
}
