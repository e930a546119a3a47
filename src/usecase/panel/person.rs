//! One member of an organization.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::store::{accounts, roles};
use crate::usecase::accounts::{SeenAccount, seen_by};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::roles::RoleRow;
use crate::usecase::{Failure, Refusal};

/// A member with what they could be given.
pub struct PersonScreen {
    /// Who looks.
    pub viewer: Viewer,
    /// At whom.
    pub person: SeenAccount,
    /// Every role that the organization can give; none for who may not see roles.
    pub roles: Vec<RoleRow>,
}

/// Another organization's account is not found.
pub async fn read(app: &App, caller: &Caller, account: AccountId) -> Result<PersonScreen, Failure> {
    let caller = caller.before(Screen::Person);
    let mut batch = AuthorizedBatch::new(app, &caller, Some(account));
    let viewer = Viewer::begin(&mut batch);
    let person = batch.push(accounts::get_for_caller(batch.token(), Some(account)));
    let roles = batch.push(roles::list_for_caller(batch.token()));
    let outcome = batch.run(|_| None).await?;
    let not_found = || Refusal::NotFound { resource: "account", id: Some(account.to_string()) };
    let person = seen_by(app, &outcome.principal)(outcome.first(person)?.ok_or_else(not_found)?);
    let roles = if person.with_roles { outcome.all(roles)? } else { Vec::new() };
    Ok(PersonScreen { viewer: Viewer::of(&outcome, viewer)?, person, roles })
}
