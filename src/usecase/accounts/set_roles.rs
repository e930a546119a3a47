//! The roles of a member.

use super::{SeenAccount, member, role_changes, seen_by};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::domain::role::RoleChanges;
use crate::store::{accounts, memberships};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, present};

/// Gives and takes roles; `None` is the caller (`me`). Who may do so is the rule of `authz::granting`.
pub async fn set_roles(
    app: &App,
    caller: &Caller,
    account: Option<AccountId>,
    changes: &RoleChanges,
) -> Result<SeenAccount, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, account);
    batch.push(memberships::refuse_unknown(batch.token(), account));
    batch.push(memberships::refuse_above(batch.token(), account));
    role_changes::check(&mut batch, account, changes);
    role_changes::write(&mut batch, account, changes, app.now())?;
    let found = batch.push(accounts::get_for_caller(batch.token(), account));
    let refused = |name: &str| member::refused(name, account).or_else(|| role_changes::refused(name, changes));
    let outcome = batch.run(refused).await?;
    Ok(seen_by(app, &outcome.principal)(present(outcome.first(found)?)?))
}
