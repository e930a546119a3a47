//! The members of an organization.

pub(in crate::http) mod list;
mod page;
pub(in crate::http) mod remove;
mod role_fields;
pub(in crate::http) mod set_password;
pub(in crate::http) mod set_roles;
pub(in crate::http) mod set_suspension;
pub(in crate::http) mod show;
pub(in crate::http) mod transfer_ownership;

use crate::domain::id::AccountId;
use crate::http::call::Call;
use crate::http::pages::panel::{PersonLine, RoleName};
use crate::usecase::Failure;
use crate::usecase::accounts::SeenAccount;

/// The member that the path names.
fn target(call: &Call) -> Result<AccountId, Failure> {
    super::around::named(call, "account_id", "account")
}

/// A member as the list shows them, and the head of their own screen.
fn line(account: &SeenAccount, own: AccountId) -> PersonLine {
    let row = &account.row;
    let roles = row.roles.iter().filter(|_| account.with_roles).map(|role| RoleName {
        product: role.product.clone(),
        role: role.role.clone(),
        predefined: role.predefined,
    });
    let suspended_from = row.products.iter().filter(|product| row.is_suspended_from(product)).cloned();
    PersonLine {
        id: row.account_id.to_string(),
        name: if row.name.is_empty() { row.email.clone() } else { row.name.clone() },
        named: !row.name.is_empty(),
        email: row.email.clone(),
        roles: roles.collect(),
        suspended: row.suspended,
        suspended_from: suspended_from.collect(),
        active: row.active || row.account_id == own,
        own: row.account_id == own,
    }
}
