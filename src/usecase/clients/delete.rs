//! An organization removes an application.

use super::{guard_own, refused};
use crate::app::App;
use crate::domain::client::ClientId;
use crate::store::audit::Change;
use crate::store::clients;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Its tokens and consents die with it.
pub async fn delete(app: &App, caller: &Caller, id: &ClientId) -> Result<(), Failure> {
    let target = id.to_string();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, id);
    let change = Change::new("client.delete", "client", &target);
    batch.audit(&Change { before: clients::BEFORE, ..change })?;
    batch.push(clients::delete(id));
    batch.run(|name| refused(name, id)).await.map(drop)
}
