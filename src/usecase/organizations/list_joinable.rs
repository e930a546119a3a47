//! The organizations that somebody may join.

use crate::app::App;
use crate::store::organization_domains::{self, JoinableRow};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Most that are told: one domain belongs to one organization, or to a few.
pub(in crate::usecase) const MOST: i64 = 20;

/// Those that have proven the domain of the caller's verified address, and to which the account does not belong yet.
pub async fn list_joinable(app: &App, caller: &Caller) -> Result<Vec<JoinableRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(organization_domains::list_joinable(batch.token(), MOST));
    batch.run(|_| None).await?.all(found)
}
