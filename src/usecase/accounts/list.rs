//! All accounts of the caller's organization, in pages.

use super::{SeenAccount, seen_by};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::store::accounts::{self, AccountRow};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Accounts of one round trip; longer lists take several.
pub const PAGE: usize = 500;

/// Some accounts, and after which one the next page begins.
pub struct Page {
    /// At most the size asked for, in stable order.
    pub accounts: Vec<SeenAccount>,
    /// `None`: that was all.
    pub next: Option<AccountId>,
}

/// At most `size` (1..=[`PAGE`]) accounts after `after`. Every page repeats the authorization.
pub async fn list(app: &App, caller: &Caller, after: Option<AccountId>, size: usize) -> Result<Page, Failure> {
    let size = size.clamp(1, PAGE);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let one_more = i64::try_from(size).unwrap_or(i64::MAX - 1) + 1;
    let found = batch.push(accounts::list_for_caller(batch.token(), after, one_more));
    let outcome = batch.run(|_| None).await?;
    let mut rows: Vec<AccountRow> = outcome.all(found)?;
    let more = rows.len() > size;
    rows.truncate(size);
    let next = if more { rows.last().map(|row| row.account_id) } else { None };
    Ok(Page { accounts: rows.into_iter().map(seen_by(&outcome.principal)).collect(), next })
}
