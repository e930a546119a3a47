//! A member leaves.

use super::member::{self, audit_target};
use crate::app::App;
use crate::domain::id::AccountId;
use crate::store::accounts::changes;
use crate::store::audit::Change;
use crate::store::{invitations, memberships};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Removes an account from the caller's organization, with its roles, its invitations and every credential it has there;
/// `None` is the caller (`me`). An account that belongs to no other organization is gone for good. Never the owner (row R3).
pub async fn delete(app: &App, caller: &Caller, account: Option<AccountId>) -> Result<(), Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, account);
    compose(&mut batch, account)?;
    batch.run(|name| member::refused(name, account)).await?;
    Ok(())
}

/// The statements of a departure from the organization in which the caller acts.
pub(in crate::usecase) fn compose(batch: &mut AuthorizedBatch<'_>, account: Option<AccountId>) -> Result<(), Failure> {
    batch.push(memberships::refuse_unknown(batch.token(), account));
    batch.push(memberships::refuse_owner(batch.token(), account));
    batch.push(memberships::refuse_above(batch.token(), account));
    batch.audit(&Change {
        before: changes::IDENTITY_BEFORE,
        ..Change::new("account.delete", "account", &audit_target(account))
    })?;
    batch.push(invitations::withdraw_for_member(batch.token(), account));
    batch.push(changes::leave_default_organization(batch.token(), account));
    batch.push(changes::delete_if_only_here(batch.token(), account));
    batch.push(memberships::delete_for_caller(batch.token(), account));
    Ok(())
}
