//! Roles: the catalogue's and an organization's own.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod update;

pub use crate::store::roles::{RoleRow, RoleWithScopes};

use std::collections::BTreeSet;

use crate::domain::id::RoleId;
use crate::store::roles::refusal;
use crate::usecase::{InvalidFields, Refusal};

/// Why a role is refused that would allow more than the caller may.
pub const SCOPE_ABOVE: &str = "The role would have scopes that your own roles do not give.";

fn not_found(role: RoleId) -> Refusal {
    Refusal::NotFound { resource: "role", id: Some(role.to_string()) }
}

/// The refusal that a guard of `store::roles` names; `scopes` is what was asked for.
fn refused(name: &str, scopes: Option<&BTreeSet<String>>) -> Option<Refusal> {
    let (name, places) = name.split_once(' ').unwrap_or((name, ""));
    Some(match name {
        refusal::PREDEFINED => Refusal::Forbidden("Predefined roles are the same for everybody."),
        refusal::PRODUCT => invalid("product", "the product is not enabled"),
        refusal::SCOPE_UNKNOWN => invalid("scope", &unknown_scopes(places, scopes)),
        refusal::SCOPE_ABOVE => Refusal::Forbidden(SCOPE_ABOVE),
        refusal::NAME_TAKEN => {
            Refusal::Conflict { resource: "role", description: "Another role of the product has this name." }
        }
        refusal::HOLDER_ABOVE => Refusal::Forbidden("Somebody whose role is above yours holds this role."),
        _ => return None,
    })
}

fn invalid(field: &str, problem: &str) -> Refusal {
    Refusal::Invalid(InvalidFields::from([(field.to_owned(), problem.to_owned())]))
}

/// Names the scopes at these places of the list.
fn unknown_scopes(places: &str, scopes: Option<&BTreeSet<String>>) -> String {
    let at = |place: &str| scopes.and_then(|scopes| scopes.iter().nth(place.parse().ok()?));
    let names: Vec<&str> = places.split(' ').filter_map(at).map(String::as_str).collect();
    format!("unknown scope: {}", names.join(", "))
}
