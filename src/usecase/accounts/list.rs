//! The accounts of the caller's organization, oldest first.

use super::{AccountRow, SeenAccount, seen_by};
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::AccountId;
use crate::store::accounts;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page in one round trip. Every page repeats the authorization, so a list ends with the caller's rights.
pub async fn list(app: &App, caller: &Caller, request: PageRequest) -> Result<Page<SeenAccount>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    request.guard(&mut batch);
    let after = request.after.map(|position| AccountId::from_bytes(position.id));
    let found = batch.push(accounts::list_for_caller(batch.token(), after, request.rows()));
    let outcome = batch.run(page::refusal).await?;
    request.page(&outcome, found, |row: &AccountRow| row.account_id.bytes(), seen_by(app, &outcome.principal))
}

/// The account of one address: a list of one, or an empty one.
pub async fn find(app: &App, caller: &Caller, email: &Email) -> Result<Vec<SeenAccount>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(accounts::find_for_caller(batch.token(), email));
    let outcome = batch.run(|_| None).await?;
    Ok(outcome.all(found)?.into_iter().map(seen_by(app, &outcome.principal)).collect())
}
