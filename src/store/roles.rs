//! Roles: the catalogue's and each organization's own.

use std::collections::BTreeSet;

use serde::Deserialize;

pub use super::accounts::RoleOfMember as RoleRow;
use super::memberships::primary_rank;
use super::{caller_organization, json, refuse_unless, role_scopes};
use crate::domain::id::RoleId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A role with what it allows.
#[derive(Debug, Deserialize)]
pub struct RoleWithScopes {
    /// The role.
    #[serde(flatten)]
    pub role: RoleRow,
    /// Sorted; the widest of each resource.
    #[serde(deserialize_with = "json")]
    pub scopes: Vec<String>,
}

/// Names with which the guards below refuse.
pub mod refusal {
    /// No such role in the catalogue or the caller's organization.
    pub const UNKNOWN: &str = "role_unknown";
    /// The role is the catalogue's.
    pub const PREDEFINED: &str = "role_predefined";
    /// The organization does not have the product.
    pub const PRODUCT: &str = "role_product_not_enabled";
    /// No such scope. Followed by the places in the list.
    pub const SCOPE_UNKNOWN: &str = "role_scope_unknown";
    /// A scope that the caller does not hold.
    pub const SCOPE_ABOVE: &str = "role_scope_above";
    /// Another role of the product has the name.
    pub const NAME_TAKEN: &str = "role_name_taken";
    /// Somebody who ranks above the caller holds the role.
    pub const HOLDER_ABOVE: &str = "role_holder_above";
}

/// Every role that the caller's organization can give: the catalogue's, then its own.
pub fn list_for_caller(caller: &Digest) -> Statement {
    Statement::new(concat!(
        "SELECT role.role_id, role.product, role.role, role.type, role.predefined
FROM product JOIN (
  SELECT role_id, product, role, type, rank, 1 AS predefined FROM role WHERE organization_id IS NULL
  UNION ALL
  SELECT role_id, product, role, type, rank, 0 FROM role WHERE organization_id = ",
        caller_organization!(),
        ") AS role ON role.product = product.product
ORDER BY role.predefined DESC, product.position, role.rank DESC, role.role"
    ))
    .bind(caller)
}

/// One of them with its scopes; no row if there is no such role.
pub fn get_for_caller(caller: &Digest, role: RoleId) -> Statement {
    Statement::new(concat!(
        "SELECT role_id, product, role, type, organization_id IS NULL AS predefined,
  (SELECT json_group_array(scope) FROM (SELECT scope FROM role_scope WHERE role_scope.role_id = role.role_id
    ORDER BY scope)) AS scopes
FROM role WHERE role_id = ?2 AND coalesce(organization_id, '') IN ('', ",
        caller_organization!(),
        ")"
    ))
    .bind(caller)
    .bind(role)
}

/// Only for a role of the catalogue or the caller's organization.
pub fn refuse_unknown(caller: &Digest, role: RoleId) -> Statement {
    const KNOWN: &str = concat!(
        "EXISTS (SELECT 1 FROM role WHERE role_id = ?2 AND coalesce(organization_id, '') IN ('', ",
        caller_organization!(),
        "))"
    );
    refuse_unless(refusal::UNKNOWN, KNOWN).bind(caller).bind(role)
}

/// Only for an organization's own role.
pub fn refuse_predefined(role: RoleId) -> Statement {
    let own = "EXISTS (SELECT 1 FROM role WHERE role_id = ?1 AND organization_id IS NOT NULL)";
    refuse_unless(refusal::PREDEFINED, own).bind(role)
}

/// Only for a product that the caller's organization has; product Accounts is what every organization has.
pub fn refuse_product_not_enabled(caller: &Digest, product: &str) -> Statement {
    const ENABLED: &str = concat!(
        "?2 = 'Accounts' OR EXISTS (SELECT 1 FROM organization_product WHERE product = ?2 AND organization_id = ",
        caller_organization!(),
        ")"
    );
    refuse_unless(refusal::PRODUCT, ENABLED).bind(caller).bind(product)
}

/// Only for scopes of the catalogue.
pub fn refuse_unknown_scopes(scopes: &BTreeSet<String>) -> Statement {
    Statement::new(
        "SELECT CASE WHEN count(*) = 0 THEN 1
  ELSE json_extract('{}', 'refuse:role_scope_unknown ' || group_concat(wanted.key, ' ')) END
FROM json_each(?1) AS wanted WHERE NOT EXISTS (SELECT 1 FROM scope WHERE scope.scope = wanted.value)",
    )
    .bind(text(scopes))
}

/// Only for scopes that the caller's roles give.
pub fn refuse_scopes_above(caller: &Digest, scopes: &BTreeSet<String>) -> Statement {
    Statement::new(concat!(
        "WITH caller_scope AS MATERIALIZED (
  SELECT held_scope.scope FROM live_caller AS caller CROSS JOIN held_scope
    ON held_scope.organization_id = caller.organization_id AND held_scope.account_id = caller.account_id
  WHERE caller.token_digest = ?1
)
SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM json_each(?2) AS wanted WHERE NOT ",
        role_scopes::caller_holds!("wanted.value", "?3"),
        ") THEN 1 ELSE json_extract('{}', 'refuse:role_scope_above') END"
    ))
    .bind(caller)
    .bind(text(scopes))
    .bind(role_scopes::widenings())
}

/// Whose name is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Named<'a> {
    /// A new role of this product.
    New(&'a str),
    /// This role, which may keep its name.
    Existing(RoleId),
}

/// Only for a name that no other role of the product has, the catalogue's included; case does not tell two apart.
pub fn refuse_name_taken(caller: &Digest, of: Named<'_>, name: &str) -> Statement {
    const FREE: &str = concat!(
        "NOT EXISTS (SELECT 1 FROM role WHERE organization_id IS NULL AND lower(role) = lower(?2)
    AND product = coalesce(?3, (SELECT product FROM role WHERE role_id = ?4)))
  AND NOT EXISTS (SELECT 1 FROM role WHERE lower(role) = lower(?2) AND role_id <> coalesce(?4, '')
    AND product = coalesce(?3, (SELECT product FROM role WHERE role_id = ?4))
    AND organization_id = ",
        caller_organization!(),
        ")"
    );
    let (product, role) = match of {
        Named::New(product) => (Some(product), None),
        Named::Existing(role) => (None, Some(role)),
    };
    refuse_unless(refusal::NAME_TAKEN, FREE).bind(caller).bind(name).bind(product).bind(role)
}

/// Only while nobody who ranks above the caller holds the role.
pub fn refuse_holder_above(caller: &Digest, role: RoleId) -> Statement {
    const NOBODY: &str = concat!(
        "coalesce((SELECT max(role.rank) FROM membership_role AS holder
  CROSS JOIN membership_role ON membership_role.organization_id = holder.organization_id
    AND membership_role.account_id = holder.account_id AND membership_role.type = 'primary'
  JOIN role ON role.role_id = membership_role.role_id
  WHERE holder.role_id = ?2), 0) <= ",
        primary_rank!("caller.account_id")
    );
    refuse_unless(refusal::HOLDER_ABOVE, NOBODY).bind(caller).bind(role)
}

/// A new role of the caller's organization. Its rank is the lowest: its scopes decide who may give it.
pub fn insert_for_caller(caller: &Digest, role: RoleId, product: &str, name: &str, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO role (role_id, organization_id, product, role, type, rank, created_at, updated_at)
SELECT ?2, ",
        caller_organization!(),
        ", ?3, ?4, 'custom', 0, ?5, ?5"
    ))
    .bind(caller)
    .bind(role)
    .bind(product)
    .bind(name)
    .bind(now)
}

/// Marks an own role as changed if name or scopes change (`None` leaves them). First of the writes, so that an audit
/// row that is written only if this changed a row tells of the role as it was.
pub fn touch(role: RoleId, name: Option<&str>, scopes: Option<&BTreeSet<String>>, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE role SET updated_at = ?4 WHERE role_id = ?1 AND organization_id IS NOT NULL
  AND (role <> coalesce(?2, role) OR ?3 <> (SELECT json_group_array(scope) FROM (
    SELECT scope FROM role_scope WHERE role_scope.role_id = ?1 ORDER BY scope)))",
    )
    .bind(role)
    .bind(name)
    .bind(scopes.map(text))
    .bind(now)
}

/// Names an own role anew.
pub fn rename(role: RoleId, name: &str) -> Statement {
    Statement::new("UPDATE role SET role = ?2 WHERE role_id = ?1 AND organization_id IS NOT NULL").bind(role).bind(name)
}

/// Takes from an own role the scopes that are not among these.
pub fn narrow(role: RoleId, scopes: &BTreeSet<String>) -> Statement {
    Statement::new(
        "DELETE FROM role_scope WHERE role_id = (SELECT role_id FROM role WHERE role_id = ?1 AND organization_id IS NOT NULL)
  AND scope NOT IN (SELECT value FROM json_each(?2))",
    )
    .bind(role)
    .bind(text(scopes))
}

/// Gives an own role these scopes.
pub fn widen(role: RoleId, scopes: &BTreeSet<String>) -> Statement {
    Statement::new(
        "INSERT INTO role_scope (role_id, scope) SELECT role.role_id, wanted.value FROM role JOIN json_each(?2) AS wanted
WHERE role.role_id = ?1 AND role.organization_id IS NOT NULL ON CONFLICT (role_id, scope) DO NOTHING",
    )
    .bind(role)
    .bind(text(scopes))
}

/// Removes an own role from the catalogue of its organization and from every member.
pub fn delete(role: RoleId) -> Statement {
    Statement::new("DELETE FROM role WHERE role_id = ?1 AND organization_id IS NOT NULL").bind(role)
}

/// SQL of a role, for an audit row that is written before the change.
pub const BEFORE: &str = "(SELECT json_object('product', product, 'role', role, 'scope', (
    SELECT group_concat(scope) FROM (SELECT scope FROM role_scope WHERE role_scope.role_id = role.role_id ORDER BY scope)))
  FROM role WHERE role.role_id = audit_log.target_id)";

fn text(scopes: &BTreeSet<String>) -> String {
    serde_json::json!(scopes).to_string()
}
