//! One client of an organization.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::client::ClientId;
use crate::store::{clients, scopes};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::clients::ClientRow;
use crate::usecase::scopes::ScopeRow;
use crate::usecase::{Failure, Refusal};

/// A client, and what it could ask people for.
pub struct ApplicationScreen {
    /// Who looks.
    pub viewer: Viewer,
    /// The client.
    pub client: ClientRow,
    /// The catalogue's public ones, in order.
    pub scopes: Vec<ScopeRow>,
}

/// Another organization's client, or a product's, is not found.
pub async fn read(app: &App, caller: &Caller, id: &ClientId) -> Result<ApplicationScreen, Failure> {
    let caller = caller.before(Screen::Application);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let client = batch.push(clients::get_for_caller(batch.token(), id));
    let public = batch.push(scopes::list_public());
    let outcome = batch.run(|_| None).await?;
    let not_found = || Refusal::NotFound { resource: "client", id: Some(id.to_string()) };
    let client: ClientRow = outcome.first(client)?.ok_or_else(not_found)?;
    Ok(ApplicationScreen { viewer: Viewer::of(&outcome, viewer)?, client, scopes: outcome.all(public)? })
}
