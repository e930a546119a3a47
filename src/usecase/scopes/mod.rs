//! Scopes of the catalogue.

pub mod list;

use std::collections::BTreeSet;

use super::authorized::AuthorizedBatch;
use super::{InvalidFields, Refusal};
use crate::store::scopes;
pub use crate::store::scopes::ScopeRow;

/// Only for scopes of the catalogue that may be asked for; the refusal names the others.
pub(super) fn guard_known(batch: &mut AuthorizedBatch<'_>, wanted: &BTreeSet<String>) {
    batch.push(scopes::refuse_unknown(wanted));
}

/// What [`guard_known`] refuses, as a mistake in `field`.
pub(super) fn refusal(name: &str, field: &str) -> Option<Refusal> {
    let unknown = name.strip_prefix(scopes::UNKNOWN)?.replace(' ', ", ");
    Some(Refusal::Invalid(InvalidFields::from([(field.to_owned(), format!("unknown scope: {unknown}"))])))
}
