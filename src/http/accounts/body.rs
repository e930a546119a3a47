//! An account on the wire (API, section 1.4).

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::account::ACCOUNTS;
use crate::domain::id::{AccountId, OrganizationId, RoleId};
use crate::domain::legacy_role::{self, LIVECHAT};
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
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<Properties>,
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

/// How the member stands with the organization and its products.
#[derive(Serialize)]
struct Properties {
    active: bool,
    mfa: bool,
    #[serde(flatten)]
    products: BTreeMap<String, ProductOfAccount>,
}

/// How the member stands with one product.
#[derive(Serialize)]
struct ProductOfAccount {
    suspended: bool,
    /// `LiveChat`'s only: the role as its older interfaces name it.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
}

impl Properties {
    fn of(row: &AccountRow, with_roles: bool) -> Self {
        let legacy_role = || legacy_role::of(|product, role| row.roles.iter().any(|held| held.is(product, role)));
        let whole = (ACCOUNTS.to_owned(), ProductOfAccount { suspended: row.suspended, role: None });
        let others = row.products.iter().map(|product| {
            let role = (with_roles && product == LIVECHAT).then(legacy_role).flatten();
            (product.clone(), ProductOfAccount { suspended: row.is_suspended_from(product), role })
        });
        Self { active: row.active, mfa: row.mfa, products: std::iter::once(whole).chain(others).collect() }
    }
}

impl From<SeenAccount> for Account {
    /// Roles and properties only where the caller may see them.
    fn from(SeenAccount { row, avatar_url, with_roles, with_properties }: SeenAccount) -> Self {
        Self {
            properties: with_properties.then(|| Properties::of(&row, with_roles)),
            account_id: row.account_id,
            name: row.name,
            email: row.email,
            email_verified: row.email_verified,
            default_product: row.default_product,
            default_organization_id: row.default_organization_id,
            avatar_url,
            roles: with_roles.then(|| row.roles.into_iter().map(Role::from).collect()),
            updated_at: row.updated_at,
            created_at: row.created_at,
        }
    }
}

impl From<RoleOfMember> for Role {
    fn from(role: RoleOfMember) -> Self {
        let RoleOfMember { role_id, product, role, r#type, predefined } = role;
        Self { role_id, product, role, r#type, predefined }
    }
}
