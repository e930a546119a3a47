//! The refusals that every change of a member shares.

use crate::domain::id::AccountId;
use crate::store::audit::OWN_ACCOUNT;
use crate::store::memberships::refusal;
use crate::usecase::{InvalidFields, Refusal};

/// The refusal that a guard of `store::memberships` names.
pub(in crate::usecase) fn refused(name: &str, account: Option<AccountId>) -> Option<Refusal> {
    Some(match name {
        refusal::UNKNOWN => Refusal::NotFound { resource: "account", id: account.map(|id| id.to_string()) },
        refusal::ABOVE => Refusal::Forbidden("The role of that account is above yours."),
        refusal::OWNER => Refusal::Forbidden("The owner of an organization cannot leave it."),
        refusal::SHARED => {
            Refusal::Conflict { resource: "account", description: "The account belongs to other organizations too." }
        }
        _ => return None,
    })
}

/// How the audit log names the account that a call is about.
pub(in crate::usecase) fn audit_target(account: Option<AccountId>) -> String {
    account.map_or_else(|| OWN_ACCOUNT.to_owned(), |id| id.to_string())
}

/// One bad field.
pub(super) fn invalid(field: &str, problem: &str) -> Refusal {
    Refusal::Invalid(InvalidFields::from([(field.to_owned(), problem.to_owned())]))
}
