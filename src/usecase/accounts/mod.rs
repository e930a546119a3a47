//! Accounts of an organization.

pub mod create;
pub mod delete;
pub mod erase;
pub mod export;
pub mod get;
pub mod list;
mod member;
pub(in crate::usecase) mod role_changes;
pub mod set_password;
pub mod set_roles;
pub mod set_suspension;
pub mod update;

pub(super) use self::member::{audit_target, refused};
use super::organization_settings;
use crate::app::App;
use crate::authz::principal::Principal;
pub use crate::store::accounts::{AccountRow, RoleOfMember};

/// An account as this caller may see it.
pub struct SeenAccount {
    /// The row.
    pub row: AccountRow,
    /// The picture in this organization, else the account's own.
    pub avatar_url: Option<String>,
    /// Whether the answer may tell the roles (`accounts.roles--all:ro`).
    pub with_roles: bool,
    /// Whether the answer may tell how the member stands with the products (`accounts--all:ro`).
    pub with_properties: bool,
}

/// The scope without which an answer holds no `roles` field (API, section 1.1).
const SEES_ROLES: &str = "accounts.roles--all:ro";
/// The scope without which an answer holds no `properties` field (API, section 1.4).
const SEES_PROPERTIES: &str = "accounts--all:ro";

pub(super) fn seen_by<'a>(app: &'a App, principal: &Principal) -> impl Fn(AccountRow) -> SeenAccount + use<'a> {
    let (with_roles, with_properties) = (principal.may(SEES_ROLES), principal.may(SEES_PROPERTIES));
    move |row| SeenAccount { with_roles, with_properties, ..seen_whole(app, row) }
}

/// By somebody who may see everything of it.
pub(super) fn seen_whole(app: &App, mut row: AccountRow) -> SeenAccount {
    let avatar = row.member_avatar.take().map(|avatar| organization_settings::address(app, avatar));
    let avatar_url = avatar.or_else(|| row.avatar_url.take());
    SeenAccount { row, avatar_url, with_roles: true, with_properties: true }
}
