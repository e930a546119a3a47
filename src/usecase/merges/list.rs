//! The merges in which the caller's organization takes part.

use super::MergeRow;
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::{authorization, organization_merges};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

/// Most that are told.
pub(in crate::usecase) const MOST: i64 = 100;

/// The newest 100, whatever became of them. `organization` is the caller's own (`None` too), or the other one: then those
/// of the two only, and not found where there are none.
pub async fn list(app: &App, caller: &Caller, organization: Option<OrganizationId>) -> Result<Vec<MergeRow>, Failure> {
    let absent = || Refusal::NotFound { resource: "organization", id: organization.map(|id| id.to_string()) };
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(organization_merges::list_for_caller(batch.token(), organization, MOST, app.now()));
    let outcome = batch.run(|name| (name == authorization::refusal::RANK).then(absent)).await?;
    let rows: Vec<MergeRow> = outcome.all(found)?;
    let foreign = organization.is_some_and(|organization| organization != outcome.principal.organization());
    match foreign && rows.is_empty() {
        true => Err(absent().into()),
        false => Ok(rows),
    }
}
