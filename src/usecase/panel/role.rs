//! One role with its scopes.

use super::roles::offered;
use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::id::RoleId;
use crate::store::{roles, scopes};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::roles::RoleWithScopes;
use crate::usecase::scopes::ScopeRow;
use crate::usecase::{Failure, Refusal};

/// A role, and what it could be made of.
pub struct RoleScreen {
    /// Who looks.
    pub viewer: Viewer,
    /// The role.
    pub role: RoleWithScopes,
    /// That the caller may put into it now, and those that it has.
    pub offered: Vec<ScopeRow>,
}

/// Another organization's role is not found.
pub async fn read(app: &App, caller: &Caller, id: RoleId) -> Result<RoleScreen, Failure> {
    let caller = caller.before(Screen::Role);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let role = batch.push(roles::get_for_caller(batch.token(), id));
    let public = batch.push(scopes::list_public());
    let outcome = batch.run(|_| None).await?;
    let not_found = || Refusal::NotFound { resource: "role", id: Some(id.to_string()) };
    let role: RoleWithScopes = outcome.first(role)?.ok_or_else(not_found)?;
    let offered = offered(&outcome, outcome.all(public)?, &role.scopes);
    Ok(RoleScreen { viewer: Viewer::of(&outcome, viewer)?, role, offered })
}
