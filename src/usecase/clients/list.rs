//! The clients of the caller's organization.

use super::ClientRow;
use crate::app::App;
use crate::domain::client::ClientId;
use crate::store::clients;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page in one round trip, in the order of their ids.
pub async fn list(app: &App, caller: &Caller, request: PageRequest) -> Result<Page<ClientRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    request.guard(&mut batch);
    let after = request.after.map(|position| ClientId::from_bytes(position.id));
    let found = batch.push(clients::list_for_caller(batch.token(), after, request.rows()));
    let outcome = batch.run(page::refusal).await?;
    request.page(&outcome, found, |row: &ClientRow| row.client_id.bytes(), |row| row)
}
