//! One client of the caller's organization.

use super::{ClientRow, not_found};
use crate::app::App;
use crate::domain::client::ClientId;
use crate::store::clients;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Another organization's client, or a product's, is not found.
pub async fn get(app: &App, caller: &Caller, id: &ClientId) -> Result<ClientRow, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(clients::get_for_caller(batch.token(), id));
    let outcome = batch.run(|_| None).await?;
    outcome.first(found)?.ok_or_else(|| not_found(id).into())
}
