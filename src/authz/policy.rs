//! The one table that says who may do what. Nothing else decides.

use super::operation::Operation;
use crate::domain::scope;

/// Which credentials an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credentials {
    /// None is needed, none is looked at.
    None,
    /// The operation reads the token itself, as its subject.
    Subject,
    /// Anonymous, or Bearer or Basic.
    Optional,
    /// Bearer or Basic.
    Any,
    /// Bearer only: an access token of a session.
    Bearer,
}

/// The scopes of which one must be effective now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scopes {
    /// No scope is needed.
    None,
    /// One of these, whatever the target.
    AnyOf(&'static [&'static str]),
    /// One of `own` for the caller's own account, one of `others` for any account of the organization.
    ByTarget {
        /// When the target is the caller.
        own: &'static [&'static str],
        /// Always.
        others: &'static [&'static str],
    },
}

/// Rank of the primary role, as the catalogue stores it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Rank {
    /// Everybody who belongs to the organization.
    Member = 10,
    /// Accounts/administrator.
    Administrator = 20,
    /// Accounts/owner.
    Owner = 30,
}

/// What an operation demands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Kinds of credential.
    pub credentials: Credentials,
    /// Effective scopes.
    pub scopes: Scopes,
    /// Least primary role.
    pub rank: Rank,
    /// Only with credentials of one's own: a page session, a token without an application, or a product's client.
    pub own_credentials: bool,
}

const ANONYMOUS: Rule =
    Rule { credentials: Credentials::None, scopes: Scopes::None, rank: Rank::Member, own_credentials: false };
const MEMBER: Rule = Rule { credentials: Credentials::Any, ..ANONYMOUS };

/// The table.
pub const fn rule(operation: Operation) -> Rule {
    match operation {
        Operation::CheckHealth => ANONYMOUS,
        Operation::Introspect => Rule { credentials: Credentials::Subject, ..ANONYMOUS },
        Operation::CreateOrganization => Rule { credentials: Credentials::None, ..ANONYMOUS },
        Operation::ListAccounts => Rule { scopes: Scopes::AnyOf(&["accounts--all:ro"]), ..MEMBER },
        Operation::GetAccount => {
            Rule { scopes: Scopes::ByTarget { own: &["accounts--my:ro"], others: &["accounts--all:ro"] }, ..MEMBER }
        }
    }
}

/// For each alternative, every scope that satisfies it: what the authorization statement compares with.
pub fn alternatives(scopes: &[&str]) -> Vec<Vec<String>> {
    scopes.iter().map(|scope| scope::satisfying(scope)).collect()
}
