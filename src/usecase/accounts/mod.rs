//! Accounts of an organization.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
mod member;
pub(in crate::usecase) mod role_changes;
pub mod set_password;
pub mod set_roles;
pub mod set_suspension;
pub mod update;

use crate::authz::principal::Principal;
pub use crate::store::accounts::{AccountRow, ProductOfMember, RoleOfMember};

/// An account as this caller may see it.
pub struct SeenAccount {
    /// The row.
    pub row: AccountRow,
    /// Whether the answer may tell the roles (`accounts.roles--all:ro`).
    pub with_roles: bool,
    /// Whether the answer may tell how the member stands with the products (`accounts--all:ro`).
    pub with_properties: bool,
}

/// The scope without which an answer holds no `roles` field (API, section 1.1).
const SEES_ROLES: &str = "accounts.roles--all:ro";
/// The scope without which an answer holds no `properties` field (API, section 1.4).
const SEES_PROPERTIES: &str = "accounts--all:ro";

pub(super) fn seen_by(principal: &Principal) -> impl Fn(AccountRow) -> SeenAccount {
    let (with_roles, with_properties) = (principal.may(SEES_ROLES), principal.may(SEES_PROPERTIES));
    move |row| SeenAccount { row, with_roles, with_properties }
}
