//! Another name or other scopes for a role of an organization.

use std::collections::BTreeSet;

use super::{RoleWithScopes, not_found, refused};
use crate::app::App;
use crate::domain::id::RoleId;
use crate::store::audit::Change;
use crate::store::roles::{self, Named, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, present};

/// The fields to change; an absent one stays.
pub struct Changes {
    /// Unlike every other role of the product.
    pub name: Option<String>,
    /// All scopes that the role has from now on; within what the caller's roles give.
    pub scopes: Option<BTreeSet<String>>,
}

/// Changes a role of the caller's organization. What its holders may do follows at once, since scopes are cut down to
/// the roles in every call; their tokens live on.
pub async fn update(app: &App, caller: &Caller, role: RoleId, changes: &Changes) -> Result<RoleWithScopes, Failure> {
    let (name, scopes, now) = (changes.name.as_deref(), changes.scopes.as_ref(), app.now());
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(roles::refuse_unknown(batch.token(), role));
    batch.push(roles::refuse_predefined(role));
    if let Some(scopes) = scopes {
        batch.push(roles::refuse_unknown_scopes(scopes));
        batch.push(roles::refuse_scopes_above(batch.token(), scopes));
        batch.push(roles::refuse_holder_above(batch.token(), role));
    }
    if let Some(name) = name {
        batch.push(roles::refuse_name_taken(batch.token(), Named::Existing(role), name));
    }
    batch.push(roles::touch(role, name, scopes, now));
    batch.audit(&Change {
        facts: &serde_json::json!({ "scopes": scopes }).to_string(),
        after: &serde_json::json!({ "role": name }).to_string(),
        before: roles::BEFORE,
        only_if_changed: true,
        ..Change::new("role.update", "role", &role.to_string())
    })?;
    if let Some(name) = name {
        batch.push(roles::rename(role, name));
    }
    if let Some(scopes) = scopes {
        batch.push(roles::narrow(role, scopes));
        batch.push(roles::widen(role, scopes));
    }
    let found = batch.push(roles::get_for_caller(batch.token(), role));
    let refused = |name: &str| match name {
        refusal::UNKNOWN => Some(not_found(role)),
        _ => refused(name, scopes),
    };
    let outcome = batch.run(refused).await?;
    present(outcome.first(found)?)
}
