//! The roles that an organization can give.

pub(in crate::http) mod create;
pub(in crate::http) mod delete;
pub(in crate::http) mod list;
mod list_page;
mod page;
pub(in crate::http) mod show;
pub(in crate::http) mod update;

use std::collections::BTreeSet;

use super::scopes::ticked;
use crate::domain::id::RoleId;
use crate::domain::role::MAX_NAME;
use crate::domain::text::{InvalidText, required};
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::Problem;
use crate::usecase::roles::SCOPE_ABOVE;
use crate::usecase::{Failure, Refusal};

/// The role that the path names.
fn target(call: &Call) -> Result<RoleId, Failure> {
    super::around::named(call, "role_id", "role")
}

/// Name and scopes of a form, or everything that is wrong with them.
fn fields(form: &Form) -> Result<(String, BTreeSet<String>), Vec<Problem>> {
    let name = required(form.text("name"), MAX_NAME).map_err(|error| match error {
        InvalidText::Empty => Problem::NameMissing,
        _ => Problem::NameInvalid,
    });
    let scopes = ticked(form).filter(|scopes| !scopes.is_empty()).ok_or(Problem::ScopeMissing);
    match (name, scopes) {
        (Ok(name), Ok(scopes)) => Ok((name, scopes)),
        (name, scopes) => Err([name.err(), scopes.err()].into_iter().flatten().collect()),
    }
}

fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::Forbidden(SCOPE_ABOVE) => Some(Problem::ScopeAbove),
        Refusal::Conflict { .. } => Some(Problem::NameTaken),
        Refusal::Invalid(fields) if fields.contains_key("product") => Some(Problem::ProductInvalid),
        Refusal::Invalid(_) => Some(Problem::ScopeMissing),
        _ => None,
    }
}
