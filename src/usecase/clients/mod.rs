//! Clients: applications that an organization registers.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod scopes;
pub mod update;

use std::collections::BTreeSet;

use super::authorized::AuthorizedBatch;
use super::{Refusal, scopes as catalogue};
use crate::domain::client::{ClientId, ClientScope};
use crate::store;
use crate::store::clients::refusal;
pub use crate::store::clients::{ClientRow, ScopeOfClient};

/// Only for scopes that exist, may be asked for, and are not the owner's alone.
fn guard_scopes(batch: &mut AuthorizedBatch<'_>, scopes: &[ClientScope]) {
    let wanted: BTreeSet<String> = scopes.iter().map(|scope| scope.scope.clone()).collect();
    catalogue::guard_known(batch, &wanted);
    batch.push(store::scopes::refuse_reserved_to_owner(batch.token(), &wanted));
}

/// Only for a client of the caller's organization.
fn guard_own(batch: &mut AuthorizedBatch<'_>, id: &ClientId) {
    batch.push(store::clients::refuse_unknown(batch.token(), id));
}

/// What the two guards refuse.
fn refused(name: &str, id: &ClientId) -> Option<Refusal> {
    match name {
        refusal::UNKNOWN => Some(not_found(id)),
        other => catalogue::refusal(other, "scopes"),
    }
}

fn not_found(id: &ClientId) -> Refusal {
    Refusal::NotFound { resource: "client", id: Some(id.to_string()) }
}
