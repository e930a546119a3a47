//! The caller, as the database knew it in the very batch that answered.

use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::scope::ScopeList;

/// Proof that the policy allowed the operation. Only the authorization statement's answer makes one
/// (`usecase::authorized`), so holding it means that the check was part of the same transaction.
#[derive(Clone, Debug)]
pub struct Principal {
    account: AccountId,
    organization: OrganizationId,
    granted: ScopeList,
    held: ScopeList,
}

impl Principal {
    /// From the authorization statement's row: what the token was granted and what the member's roles give now.
    pub fn new(account: AccountId, organization: OrganizationId, granted: ScopeList, held: ScopeList) -> Self {
        Self { account, organization, granted, held }
    }

    /// The account that acts.
    pub fn account(&self) -> AccountId {
        self.account
    }

    /// The organization in which it acts.
    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    /// Whether `wanted` is within what the token may do now: what [`effective`](crate::domain::scope::effective) says,
    /// without the list of it. Shapes answers; whether an operation runs at all is the policy's word.
    pub fn may(&self, wanted: &str) -> bool {
        self.granted.include(wanted) && self.held.include(wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::Principal;
    use crate::domain::id::{AccountId, OrganizationId};
    use crate::domain::scope::ScopeList;

    #[test]
    fn z5_z6_a_caller_may_what_was_granted_and_what_the_roles_give() {
        let may = |granted: &[&str], held: &[&str], wanted: &str| {
            let (account, organization) = (AccountId::from_bytes([1; 16]), OrganizationId::from_bytes([2; 16]));
            Principal::new(account, organization, ScopeList::from_iter(granted), ScopeList::from_iter(held)).may(wanted)
        };
        assert!(may(&["accounts--all:rw"], &["accounts--all:rc", "x:ro"], "accounts--my:ro"));
        assert!(!may(&["accounts--all:rw"], &["accounts--my:rw"], "accounts--all:ro"), "the role was taken away");
        assert!(!may(&["accounts--my:ro"], &["accounts--all:rw"], "accounts--all:ro"), "it was never granted");
        assert!(!may(&[], &[], "accounts--my:ro"));
    }
}
