//! Accounts of an organization.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
mod member;
mod role_changes;
pub mod set_password;
pub mod set_roles;
pub mod update;

use crate::authz::principal::Principal;
pub use crate::store::accounts::{AccountRow, RoleOfMember};

/// An account as this caller may see it.
pub struct SeenAccount {
    /// The row.
    pub row: AccountRow,
    /// Whether the answer may tell the roles (`accounts.roles--all:ro`).
    pub with_roles: bool,
}

/// The scope without which an answer holds no `roles` field (API, section 1.1).
const SEES_ROLES: &str = "accounts.roles--all:ro";

pub(super) fn seen_by(principal: &Principal) -> impl Fn(AccountRow) -> SeenAccount {
    let with_roles = principal.may(SEES_ROLES);
    move |row| SeenAccount { row, with_roles }
}
