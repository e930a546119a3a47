//! The caller, as the database knew it in the very batch that answered.

use std::collections::BTreeSet;

use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::scope;

/// Proof that the policy allowed the operation. Only the authorization statement's answer makes one
/// (`usecase::authorized`), so holding it means that the check was part of the same transaction.
#[derive(Clone, Debug)]
pub struct Principal {
    account: AccountId,
    organization: OrganizationId,
    effective: BTreeSet<String>,
}

impl Principal {
    /// From the authorization statement's row: what the token was granted and what the member's roles give now.
    pub fn new(account: AccountId, organization: OrganizationId, granted: &[String], held: &[String]) -> Self {
        Self { account, organization, effective: scope::effective(granted, held) }
    }

    /// The account that acts.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The organization in which it acts.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Whether `wanted` is within what the token may do now. Shapes answers; whether an operation runs at all is the
    /// policy's word.
    pub fn may(&self, wanted: &str) -> bool {
        self.effective.iter().any(|scope| scope::includes(scope, wanted))
    }
}
