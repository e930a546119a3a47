//! An account on the wire (API, section 1.4).

use serde::Serialize;

use crate::domain::id::{AccountId, OrganizationId, RoleId};
use crate::domain::time::Timestamp;
use crate::usecase::accounts::{AccountRow, RoleOfMember, SeenAccount};

/// Account.
#[derive(Serialize)]
pub(in crate::http) struct Account {
    account_id: AccountId,
    name: String,
    email: String,
    email_verified: bool,
    default_product: Option<String>,
    default_organization_id: Option<OrganizationId>,
    avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<Role>>,
    updated_at: Timestamp,
    created_at: Timestamp,
}

/// A role as an account lists it.
#[derive(Serialize)]
pub(in crate::http) struct Role {
    role_id: RoleId,
    product: String,
    role: String,
    r#type: String,
    predefined: bool,
}

impl Account {
    /// Roles only where the caller may see them.
    pub(in crate::http) fn new(row: AccountRow, with_roles: bool) -> Self {
        Self {
            account_id: row.account_id,
            name: row.name,
            email: row.email,
            email_verified: row.email_verified,
            default_product: row.default_product,
            default_organization_id: row.default_organization_id,
            avatar_url: row.avatar_url,
            roles: with_roles.then(|| row.roles.into_iter().map(Role::from).collect()),
            updated_at: row.updated_at,
            created_at: row.created_at,
        }
    }
}

impl From<SeenAccount> for Account {
    fn from(seen: SeenAccount) -> Self {
        Self::new(seen.row, seen.with_roles)
    }
}

impl From<RoleOfMember> for Role {
    fn from(role: RoleOfMember) -> Self {
        let RoleOfMember { role_id, product, role, r#type, predefined } = role;
        Self { role_id, product, role, r#type, predefined }
    }
}
