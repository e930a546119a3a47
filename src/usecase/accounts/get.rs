//! One account of the caller's organization.

use super::{SeenAccount, seen_by};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::store::accounts;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

/// `None` is the caller (`me`). Another organization's account is not found.
pub async fn get(app: &App, caller: &Caller, account: Option<AccountId>) -> Result<SeenAccount, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, account);
    let found = batch.push(accounts::get_for_caller(batch.token(), account));
    let outcome = batch.run(|_| None).await?;
    let not_found = || Refusal::NotFound { resource: "account", id: account.map(|id| id.to_string()) };
    let row = outcome.first(found)?.ok_or_else(not_found)?;
    Ok(seen_by(app, &outcome.principal)(row))
}
