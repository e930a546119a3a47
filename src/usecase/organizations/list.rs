//! The organizations to which the caller's account belongs, oldest first.

use super::OrganizationRow;
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::organizations;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page in one round trip. All organizations of the account, also those of which the token is not.
pub async fn list(app: &App, caller: &Caller, request: PageRequest) -> Result<Page<OrganizationRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    request.guard(&mut batch);
    let after = request.after.map(|position| OrganizationId::from_bytes(position.id));
    let found = batch.push(organizations::list_for_caller(batch.token(), after, request.rows()));
    let outcome = batch.run(page::refusal).await?;
    request.page(&outcome, found, |row: &OrganizationRow| row.organization_id.bytes(), |row| row)
}
