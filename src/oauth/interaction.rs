//! What an authorization request still needs: a sign-in, a choice, a consent, or nothing any more.
//!
//! [`next`] is asked again at every step with what is true by then, so that no step remembers what an earlier one found.

use std::collections::BTreeSet;

use super::refusal::OAuthRefusal;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::scope::{self, ScopeList};
use crate::domain::time::Timestamp;

/// The product that every organization has and that nobody can be without.
pub const ACCOUNTS: &str = "Accounts";

/// For whom a client is (design, section 7).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Members of its own organization; nobody else may use it.
    Private(OrganizationId),
    /// Anybody, with consent; members of its own organization without.
    Public(OrganizationId),
    /// Everybody whose organization has this product: a product client of the catalogue, which needs no consent.
    Product(String),
}

/// What the application asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// For whom the application is.
    pub audience: Audience,
    /// Who registered it, and is never asked for consent.
    pub author: Option<AccountId>,
    /// The scopes asked for: all of them the client's own.
    pub scopes: BTreeSet<String>,
    /// Those of them without which it makes no sense.
    pub required: BTreeSet<String>,
    /// The organization named in the request or chosen since.
    pub organization: Option<OrganizationId>,
    /// `prompt=consent`.
    pub ask_consent: bool,
}

/// A product of an organization, as one member sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberProduct {
    /// Name in the catalogue.
    pub product: String,
    /// Whether its subscription allows its use: neither cancelled nor expired.
    pub usable: bool,
    /// Whether the member has a role in it and is not suspended from it.
    pub member: bool,
}

/// One membership of the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// Where.
    pub organization: OrganizationId,
    /// When the person last chose it.
    pub chosen_at: Option<Timestamp>,
    /// What the organization has, in the catalogue's order, without [`ACCOUNTS`].
    pub products: Vec<MemberProduct>,
    /// Scopes that the member's roles give now.
    pub held: ScopeList,
    /// Scopes that the member allowed this application before; empty for none.
    pub consented: ScopeList,
    /// Whether the organization demands a second factor by now that the person has not (row M6).
    pub second_factor_due: bool,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The account.
    pub account: AccountId,
    /// Where the account began.
    pub default_organization: Option<OrganizationId>,
    /// Memberships that are not suspended, the oldest first.
    pub memberships: Vec<Membership>,
}

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// The person chooses one of these organizations, best guess first.
    ChooseOrganization(Vec<OrganizationId>),
    /// The organization demands a second factor that the person has not: nothing else goes on there.
    SetUpSecondFactor(OrganizationId),
    /// The organization has the product, the person no role in it.
    RequestAccess(OrganizationId),
    /// The organization does not have the product.
    ActivateProduct(OrganizationId),
    /// The person is asked whether the application may do this.
    Consent(Granted),
    /// Nothing is missing.
    Grant(Granted),
}

/// What an application gets: never more than the person has in that organization now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Granted {
    /// In which organization.
    pub organization: OrganizationId,
    /// For what.
    pub scopes: BTreeSet<String>,
}

/// The next step of a person who is signed in.
pub fn next(wish: &Wish, person: &Person) -> Result<Next, OAuthRefusal> {
    let open = candidates(wish, person);
    let membership = match (wish.organization, open.as_slice()) {
        (_, []) => return Err(OAuthRefusal::AccessDenied(None)),
        (Some(wanted), open) => {
            open.iter().find(|membership| membership.organization == wanted).ok_or(OAuthRefusal::AccessDenied(None))?
        }
        (None, [only]) => only,
        (None, open) => return Ok(Next::ChooseOrganization(in_order(open, person.default_organization))),
    };
    if membership.second_factor_due {
        return Ok(Next::SetUpSecondFactor(membership.organization));
    }
    if let Some(missing) = missing_product(wish, membership) {
        return Ok(missing);
    }
    let granted = granted(wish, membership)?;
    Ok(match consent_is_needed(wish, person, membership, &granted) {
        true => Next::Consent(granted),
        false => Next::Grant(granted),
    })
}

/// As [`next`], once the person has said yes to this very request.
pub fn after_consent(wish: &Wish, person: &Person) -> Result<Next, OAuthRefusal> {
    Ok(match next(wish, person)? {
        Next::Consent(granted) => Next::Grant(granted),
        other => other,
    })
}

/// Organizations in the order in which they are offered: the last choice first, then the default one, then the oldest;
/// those with nothing but ended products last.
pub fn in_order(memberships: &[&Membership], default: Option<OrganizationId>) -> Vec<OrganizationId> {
    let mut ordered: Vec<&Membership> = memberships.to_vec();
    // Stable: what ties stays in the order of age.
    ordered.sort_by_key(|membership| {
        let latest_first = std::cmp::Reverse(membership.chosen_at);
        (membership.is_over(), latest_first, Some(membership.organization) != default)
    });
    ordered.into_iter().map(|membership| membership.organization).collect()
}

impl Membership {
    /// Whether the organization had products and none of them can be used any more.
    pub fn is_over(&self) -> bool {
        !self.products.is_empty() && !self.products.iter().any(|product| product.usable)
    }
}

/// Where the person may use the application at all.
fn candidates<'a>(wish: &Wish, person: &'a Person) -> Vec<&'a Membership> {
    let fits = |membership: &&Membership| match &wish.audience {
        Audience::Private(organization) => membership.organization == *organization,
        Audience::Public(_) | Audience::Product(_) => true,
    };
    person.memberships.iter().filter(fits).collect()
}

/// Only product clients lead to these two screens.
fn missing_product(wish: &Wish, membership: &Membership) -> Option<Next> {
    let Audience::Product(product) = &wish.audience else {
        return None;
    };
    if product == ACCOUNTS {
        return None;
    }
    match membership.products.iter().find(|own| own.product == *product && own.usable) {
        None => Some(Next::ActivateProduct(membership.organization)),
        Some(own) if !own.member => Some(Next::RequestAccess(membership.organization)),
        Some(_) => None,
    }
}

/// The scopes asked for, as far as the person has them; not without a required one.
fn granted(wish: &Wish, membership: &Membership) -> Result<Granted, OAuthRefusal> {
    let scopes = scope::effective(&ScopeList::from_iter(&wish.scopes), &membership.held);
    let has = |required: &String| scopes.iter().any(|scope| scope::includes(scope, required));
    match wish.required.iter().all(has) {
        true => Ok(Granted { organization: membership.organization, scopes }),
        false => Err(OAuthRefusal::AccessDenied(None)),
    }
}

/// A product client never asks, unless the request says so; a client does not ask its author, nor the members of its own
/// organization, nor who has allowed as much before (API, section 2.4).
fn consent_is_needed(wish: &Wish, person: &Person, membership: &Membership, granted: &Granted) -> bool {
    let allowed_before = |scope: &String| membership.consented.include(scope);
    let known = match &wish.audience {
        Audience::Product(_) => true,
        Audience::Private(own) | Audience::Public(own) => {
            *own == membership.organization
                || wish.author == Some(person.account)
                || (!membership.consented.is_empty() && granted.scopes.iter().all(allowed_before))
        }
    };
    wish.ask_consent || !known
}

#[cfg(test)]
mod tests;
