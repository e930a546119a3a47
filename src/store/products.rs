//! Which products an organization has.

use serde::Deserialize;

use super::catalogue::OWNER_ROLE;
use super::{caller_organization, refuse_unless};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A product that an organization has.
#[derive(Debug, Deserialize)]
pub struct ProductRow {
    /// Its name in the catalogue.
    pub product: String,
    /// Its client, where the catalogue has one.
    pub client_id: Option<String>,
    /// What has become of the subscription: `trial`, `active`, `cancelled`, `past_due` or `expired`.
    pub state: String,
    /// When the organization enabled it.
    pub created_at: Timestamp,
}

/// Names with which the guards below refuse.
pub mod refusal {
    /// The catalogue has no such product.
    pub const UNKNOWN: &str = "product_unknown";
    /// The organization has it already.
    pub const ENABLED: &str = "product_enabled";
    /// The organization does not have it.
    pub const NOT_ENABLED: &str = "product_not_enabled";
    /// It is product Accounts, without which there is no organization.
    pub const ACCOUNTS: &str = "product_accounts";
}

macro_rules! enabled {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM organization_product WHERE organization_id = ",
            caller_organization!(),
            " AND product = ?2)"
        )
    };
}

/// The products of the caller's organization, in the catalogue's order.
pub fn list_for_caller(caller: &Digest) -> Statement {
    Statement::new(concat!(
        "SELECT organization_product.product, client.client_id, organization_product.state,
  organization_product.created_at
FROM organization_product JOIN product ON product.product = organization_product.product
LEFT JOIN client ON client.product = organization_product.product
WHERE organization_product.organization_id = ",
        caller_organization!(),
        " ORDER BY product.position"
    ))
    .bind(caller)
}

/// A product of the catalogue.
#[derive(Debug, Deserialize)]
pub struct CatalogueRow {
    /// Its name.
    pub product: String,
}

/// What the caller's organization could enable, in the catalogue's order.
pub fn list_others_for_caller(caller: &Digest) -> Statement {
    Statement::new(concat!(
        "SELECT product.product FROM product
WHERE product.product <> 'Accounts' AND NOT EXISTS (SELECT 1 FROM organization_product
  WHERE organization_product.product = product.product AND organization_product.organization_id = ",
        caller_organization!(),
        ") ORDER BY product.position"
    ))
    .bind(caller)
}

/// Only for a product of the catalogue.
pub fn refuse_unknown(product: &str) -> Statement {
    refuse_unless(refusal::UNKNOWN, "EXISTS (SELECT 1 FROM product WHERE product = ?1)").bind(product)
}

/// Only for a product that the caller's organization does not have. Product Accounts is what every organization has.
pub fn refuse_enabled(caller: &Digest, product: &str) -> Statement {
    refuse_unless(refusal::ENABLED, concat!("?2 <> 'Accounts' AND NOT ", enabled!())).bind(caller).bind(product)
}

/// Only for a product that the caller's organization has.
pub fn refuse_not_enabled(caller: &Digest, product: &str) -> Statement {
    refuse_unless(refusal::NOT_ENABLED, enabled!()).bind(caller).bind(product)
}

/// Never for product Accounts.
pub fn refuse_accounts(product: &str) -> Statement {
    refuse_unless(refusal::ACCOUNTS, "?1 <> 'Accounts'").bind(product)
}

/// Enables a product in the caller's organization.
pub fn insert_for_caller(caller: &Digest, product: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO organization_product (organization_id, product, created_at)
SELECT organization_id, ?2, ?3 FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(product)
    .bind(now)
}

/// Gives the owner of the caller's organization the highest predefined role of a product.
pub fn insert_role_of_owner(caller: &Digest, product: &str, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT owner.organization_id, owner.account_id, role.role_id, role.product, role.type, ?4
FROM membership_role AS owner
JOIN role ON role.role_id = (
  SELECT highest.role_id FROM role AS highest
  WHERE highest.product = ?2 AND highest.organization_id IS NULL AND highest.type = 'secondary'
  ORDER BY highest.rank DESC LIMIT 1)
WHERE owner.organization_id = ",
        caller_organization!(),
        " AND owner.role_id = ?3"
    ))
    .bind(caller)
    .bind(product)
    .bind(OWNER_ROLE)
    .bind(now)
}

/// Disables a product in the caller's organization: its roles go, then the refresh tokens of its client, then the
/// product, then the access tokens of its client, the caller's own perhaps among them. To be pushed in this order, and
/// nothing for the caller after them.
pub fn remove_for_caller(caller: &Digest, product: &str, now: Timestamp) -> [Statement; 4] {
    let roles = Statement::new(concat!(
        "DELETE FROM membership_role WHERE organization_id = ",
        caller_organization!(),
        " AND role_id IN (
  SELECT role_id FROM role WHERE product = ?2 AND organization_id IS NULL
  UNION ALL SELECT role_id FROM role WHERE product = ?2 AND organization_id = ",
        caller_organization!(),
        ")"
    ));
    // A token's organization has far fewer tokens than the client of a product: `+` keeps its index out.
    let families = Statement::new(concat!(
        "UPDATE refresh_family SET revoked_at = ?3 WHERE organization_id = ",
        caller_organization!(),
        " AND +client_id = (SELECT client_id FROM client WHERE product = ?2) AND revoked_at IS NULL"
    ));
    let product_row = Statement::new(concat!(
        "DELETE FROM organization_product WHERE organization_id = ",
        caller_organization!(),
        " AND product = ?2"
    ));
    let tokens = Statement::new(concat!(
        "DELETE FROM access_token WHERE organization_id = ",
        caller_organization!(),
        " AND +client_id = (SELECT client_id FROM client WHERE product = ?2)"
    ));
    let bound = |statement: Statement| statement.bind(caller).bind(product);
    [bound(roles), bound(families).bind(now), bound(product_row), bound(tokens)]
}
