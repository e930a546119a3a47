//! Every role that the caller's organization can give.

use super::RoleRow;
use crate::app::App;
use crate::store::roles;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// The catalogue's roles, then the organization's own; both in stable order.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<RoleRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(roles::list_for_caller(batch.token()));
    batch.run(|_| None).await?.all(found)
}
