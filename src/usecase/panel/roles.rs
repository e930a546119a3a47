//! The roles that an organization can give.

use super::{Screen, Viewer};
use crate::app::App;
use crate::store::{products, roles, scopes};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller, Outcome};
use crate::usecase::products::ProductRow;
use crate::usecase::roles::RoleRow;
use crate::usecase::scopes::ScopeRow;

/// Roles, and what a new one could be made of.
pub struct Roles {
    /// Who looks.
    pub viewer: Viewer,
    /// The catalogue's, then the organization's own.
    pub roles: Vec<RoleRow>,
    /// The organization's.
    pub products: Vec<ProductRow>,
    /// That the caller may put into a role now.
    pub offered: Vec<ScopeRow>,
}

/// In stable order.
pub async fn read(app: &App, caller: &Caller) -> Result<Roles, Failure> {
    let caller = caller.before(Screen::Roles);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let roles = batch.push(roles::list_for_caller(batch.token()));
    let products = batch.push(products::list_for_caller(batch.token()));
    let public = batch.push(scopes::list_public());
    let outcome = batch.run(|_| None).await?;
    Ok(Roles {
        viewer: Viewer::of(&outcome, viewer)?,
        roles: outcome.all(roles)?,
        products: outcome.all(products)?,
        offered: offered(&outcome, outcome.all(public)?, &[]),
    })
}

/// Those that the caller may do, and those that are `had` anyway.
pub(super) fn offered(outcome: &Outcome, scopes: Vec<ScopeRow>, had: &[String]) -> Vec<ScopeRow> {
    let fits = |row: &ScopeRow| outcome.principal.may(&row.scope) || had.contains(&row.scope);
    scopes.into_iter().filter(fits).collect()
}
