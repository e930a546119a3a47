//! Roles: how a caller names them, and which changes a caller asks for.

use super::id::RoleId;

/// Longest role name, in code points.
pub const MAX_NAME: usize = 64;
/// Most roles that one call may set, and most that it may delete.
pub const MAX_CHANGES: usize = 100;

/// One role, in exactly one of two forms (API, section 1.4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RoleReference {
    /// `{role_id}`
    Id(RoleId),
    /// `{product, role}`
    Name {
        /// Whose role.
        product: String,
        /// Name within the product.
        role: String,
    },
}

/// What is to happen to a member's roles.
#[derive(Clone, Debug)]
pub struct RoleChanges {
    /// The field that [`Self::set`] was read from: `set_roles`, or `roles` where a whole account is written.
    pub set_field: &'static str,
    /// Roles to have. A primary role replaces the primary one, a secondary role that of its product.
    pub set: Vec<RoleReference>,
    /// Roles not to have; one that is not held changes nothing.
    pub delete: Vec<RoleReference>,
}

/// What is asked for one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// To hold it.
    Set,
    /// Not to hold it.
    Delete,
}

impl RoleChanges {
    /// The roles that a whole account is written with.
    pub fn of_account(roles: Vec<RoleReference>) -> Self {
        Self { set_field: "roles", set: roles, delete: Vec::new() }
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.set.is_empty() && self.delete.is_empty()
    }

    /// Every change with the dotted path of the field that asks for it (`set_roles.0`).
    pub fn items(&self) -> impl Iterator<Item = (String, Act, &RoleReference)> {
        let set = self.set.iter().enumerate().map(|(at, role)| (format!("{}.{at}", self.set_field), Act::Set, role));
        let delete = self.delete.iter().enumerate();
        set.chain(delete.map(|(at, role)| (format!("delete_roles.{at}"), Act::Delete, role)))
    }
}
