//! The clients of an organization.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::client::ClientId;
use crate::store::{clients, scopes};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::clients::ClientRow;
use crate::usecase::page::{self, Page, PageRequest};
use crate::usecase::scopes::ScopeRow;

/// One page of them, and what a new one could ask people for.
pub struct Applications {
    /// Who looks.
    pub viewer: Viewer,
    /// In the order of their ids.
    pub page: Page<ClientRow>,
    /// The catalogue's public ones, in order.
    pub scopes: Vec<ScopeRow>,
}

/// Clients of the catalogue's products are nobody's and not among them.
pub async fn read(app: &App, caller: &Caller, request: PageRequest) -> Result<Applications, Failure> {
    let caller = caller.before(Screen::Applications);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    request.guard(&mut batch);
    let viewer = Viewer::begin(&mut batch);
    let after = request.after.map(|position| ClientId::from_bytes(position.id));
    let found = batch.push(clients::list_for_caller(batch.token(), after, request.rows()));
    let public = batch.push(scopes::list_public());
    let outcome = batch.run(page::refusal).await?;
    let page = request.page(&outcome, found, |row: &ClientRow| row.client_id.bytes(), |row| row)?;
    Ok(Applications { viewer: Viewer::of(&outcome, viewer)?, page, scopes: outcome.all(public)? })
}
