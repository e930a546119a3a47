//! Giving and taking roles inside another batch.

use crate::domain::id::AccountId;
use crate::domain::role::{RoleChanges, RoleReference};
use crate::domain::time::Timestamp;
use crate::store::audit::Change;
use crate::store::role_grants::{self, refusal};
use crate::usecase::authorized::AuthorizedBatch;
use crate::usecase::{Failure, InvalidFields, Refusal};

use super::member::audit_target;

/// Appends the question whether the caller may make these changes, if there are any.
pub(super) fn check(batch: &mut AuthorizedBatch<'_>, account: Option<AccountId>, changes: &RoleChanges) {
    if !changes.is_empty() {
        batch.push(role_grants::check(batch.token(), account, changes));
    }
}

/// Appends the changes, if there are any, and their audit row, which is written only if a role changes.
pub(super) fn write(
    batch: &mut AuthorizedBatch<'_>,
    account: Option<AccountId>,
    changes: &RoleChanges,
    now: Timestamp,
) -> Result<(), Failure> {
    if changes.is_empty() {
        return Ok(());
    }
    batch.push(role_grants::touch(batch.token(), account, changes, now));
    batch.audit(&Change {
        facts: &format!("{{\"changes\":{}}}", role_grants::items(changes)),
        before: role_grants::HELD_BEFORE,
        only_if_changed: true,
        ..Change::new("account.set_roles", "account", &audit_target(account))
    })?;
    batch.push(role_grants::take(batch.token(), account, changes));
    batch.push(role_grants::give(batch.token(), account, changes, now));
    Ok(())
}

/// The refusal that [`check`] names.
pub(super) fn refused(name: &str, changes: &RoleChanges) -> Option<Refusal> {
    let (name, paths) = name.split_once(' ').unwrap_or((name, ""));
    let invalid = |problem: &str| invalid(paths, problem);
    Some(match name {
        refusal::UNKNOWN => Refusal::NotFound { resource: "role", id: first_id(changes, paths) },
        refusal::OWNER_SET => Refusal::Forbidden("Ownership is transferred, not set as a role."),
        refusal::OWNER_DEMOTED => Refusal::Forbidden("The owner of an organization keeps that role."),
        refusal::ABOVE => Refusal::Forbidden(ABOVE),
        refusal::SCOPE_ABOVE => Refusal::Forbidden(SCOPE_ABOVE),
        refusal::PRODUCT => invalid("the product is not enabled"),
        refusal::CONTRADICTION => invalid("contradicts another item"),
        refusal::PRIMARY_REMOVED => invalid("the primary role can only be replaced"),
        _ => return None,
    })
}

/// As [`refused`], for an operation that answers 404 for nothing (API, section 1.1, row 2).
pub(super) fn refused_at_creation(name: &str, changes: &RoleChanges) -> Option<Refusal> {
    match name.split_once(' ') {
        Some((refusal::UNKNOWN, paths)) => Some(invalid(paths, "unknown role")),
        _ => refused(name, changes),
    }
}

/// The refusal of a role that an invitation offers. An operation that answers 404 for nothing says that there is no such
/// role by its field (`by_field`).
pub(in crate::usecase) fn refused_offer(name: &str, role: Option<&str>, by_field: bool) -> Option<Refusal> {
    let (name, paths) = name.split_once(' ').unwrap_or((name, ""));
    Some(match name {
        refusal::UNKNOWN if by_field => invalid(paths, "unknown role"),
        refusal::UNKNOWN => Refusal::NotFound { resource: "role", id: role.map(str::to_owned) },
        refusal::PRODUCT => invalid(paths, "the product is not enabled"),
        refusal::OWNER_SET => Refusal::Forbidden("Ownership is transferred, not set as a role."),
        refusal::ABOVE => Refusal::Forbidden(ABOVE),
        refusal::SCOPE_ABOVE => Refusal::Forbidden(SCOPE_ABOVE),
        _ => return None,
    })
}

const ABOVE: &str = "Your own roles do not allow giving or taking this role.";
const SCOPE_ABOVE: &str = "The role has scopes that your own roles do not give.";

/// `problem` for each of the fields, whose paths are separated by spaces.
fn invalid(paths: &str, problem: &str) -> Refusal {
    let fields = paths.split(' ').map(|path| (path.to_owned(), problem.to_owned()));
    Refusal::Invalid(fields.collect::<InvalidFields>())
}

/// The first of the ids that were not found, as the caller sent it.
fn first_id(changes: &RoleChanges, paths: &str) -> Option<String> {
    changes.items().filter(|(path, _, _)| paths.split(' ').any(|missing| missing == path)).find_map(|(_, _, role)| {
        match role.as_ref() {
            RoleReference::Id(id) => Some(id.to_string()),
            RoleReference::Name { .. } => None,
        }
    })
}
