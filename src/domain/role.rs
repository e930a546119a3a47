//! Roles: how a caller names them, and which changes a caller asks for.

use std::borrow::Cow;

use super::id::RoleId;
use super::legacy_role;

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

impl RoleReference {
    /// The roles that one reference stands for: itself, or the combination behind a legacy role.
    fn meant(&self) -> Vec<Cow<'_, Self>> {
        let combination = match self {
            Self::Name { product, role } => legacy_role::combination(product, role),
            Self::Id(_) => None,
        };
        let named = |(product, role): &(&str, &str)| {
            Cow::Owned(Self::Name { product: (*product).to_owned(), role: (*role).to_owned() })
        };
        combination.map_or_else(|| vec![Cow::Borrowed(self)], |roles| roles.iter().map(named).collect())
    }
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

    /// Every change with the dotted path of the field that asks for it (`set_roles.0`). A legacy role that is set asks for
    /// each role that it stands for.
    pub fn items(&self) -> impl Iterator<Item = (String, Act, Cow<'_, RoleReference>)> {
        let set = self.set.iter().enumerate().flat_map(|(at, role)| {
            let path = format!("{}.{at}", self.set_field);
            role.meant().into_iter().map(move |role| (path.clone(), Act::Set, role))
        });
        let delete = self.delete.iter().enumerate();
        set.chain(delete.map(|(at, role)| (format!("delete_roles.{at}"), Act::Delete, Cow::Borrowed(role))))
    }
}
