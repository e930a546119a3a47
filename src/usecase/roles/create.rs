//! A new role of an organization.

use std::collections::BTreeSet;

use super::{RoleWithScopes, refused};
use crate::app::App;
use crate::domain::id::RoleId;
use crate::store::audit::Change;
use crate::store::roles::{self, Named};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, present};

/// What is asked for.
pub struct Creation {
    /// A product that the organization has.
    pub product: String,
    /// Unlike every other role of the product.
    pub name: String,
    /// Of the catalogue, and within what the caller's roles give.
    pub scopes: BTreeSet<String>,
}

/// Creates a role of type `custom` in the caller's organization.
pub async fn create(app: &App, caller: &Caller, creation: &Creation) -> Result<RoleWithScopes, Failure> {
    let Creation { product, name, scopes } = creation;
    let now = app.now();
    let role = RoleId::new(now, &app.random()?);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(roles::refuse_product_not_enabled(batch.token(), product));
    batch.push(roles::refuse_unknown_scopes(scopes));
    batch.push(roles::refuse_scopes_above(batch.token(), scopes));
    batch.push(roles::refuse_name_taken(batch.token(), Named::New(product), name));
    batch.audit(&Change {
        facts: &serde_json::json!({ "product": product, "scopes": scopes }).to_string(),
        after: &serde_json::json!({ "role": name }).to_string(),
        ..Change::new("role.create", "role", &role.to_string())
    })?;
    batch.push(roles::insert_for_caller(batch.token(), role, product, name, now));
    batch.push(roles::widen(role, scopes));
    let found = batch.push(roles::get_for_caller(batch.token(), role));
    let outcome = batch.run(|name| refused(name, Some(scopes))).await?;
    present(outcome.first(found)?)
}
