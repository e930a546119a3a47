//! One role with its scopes.

use super::{RoleWithScopes, not_found};
use crate::app::App;
use crate::domain::id::RoleId;
use crate::store::roles;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// A role of the catalogue or the caller's organization. Another organization's is not found.
pub async fn get(app: &App, caller: &Caller, role: RoleId) -> Result<RoleWithScopes, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(roles::get_for_caller(batch.token(), role));
    let outcome = batch.run(|_| None).await?;
    outcome.first(found)?.ok_or_else(|| not_found(role).into())
}
