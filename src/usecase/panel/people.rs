//! The members of an organization.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::search::Beginning;
use crate::store::accounts;
use crate::usecase::Failure;
use crate::usecase::accounts::{AccountRow, SeenAccount, seen_by};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page of them.
pub struct People {
    /// Who looks.
    pub viewer: Viewer,
    /// Oldest first.
    pub page: Page<SeenAccount>,
}

/// Everybody, or those whose name, further names or address begin so.
pub async fn read(
    app: &App,
    caller: &Caller,
    search: Option<&Beginning>,
    request: PageRequest,
) -> Result<People, Failure> {
    let caller = caller.before(Screen::People);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    request.guard(&mut batch);
    let viewer = Viewer::begin(&mut batch);
    let (by, after) = (batch.token(), request.after.map(|position| AccountId::from_bytes(position.id)));
    let found = batch.push(match search {
        None => accounts::list_for_caller(by, after, request.rows()),
        Some(beginning) => {
            let ranges = serde_json::json!(beginning.ranges()).to_string();
            accounts::search_for_caller(by, &ranges, after, request.rows())
        }
    });
    let outcome = batch.run(page::refusal).await?;
    let id = |row: &AccountRow| row.account_id.bytes();
    let page = request.page(&outcome, found, id, seen_by(app, &outcome.principal))?;
    Ok(People { viewer: Viewer::of(&outcome, viewer)?, page })
}
