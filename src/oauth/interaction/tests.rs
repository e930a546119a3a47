use std::collections::BTreeSet;

use super::{Audience, Granted, MemberProduct, Membership, Next, Person, Wish, after_consent, in_order, next};
use crate::domain::id::{self, AccountId, OrganizationId};
use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::refusal::OAuthRefusal;

const DENIED: Result<Next, OAuthRefusal> = Err(OAuthRefusal::AccessDenied(None));

fn organization(number: u8) -> OrganizationId {
    OrganizationId::new(Timestamp::from_millis(i64::from(number)), &[number; id::ENTROPY_BYTES])
}

fn account(number: u8) -> AccountId {
    AccountId::new(Timestamp::from_millis(i64::from(number)), &[number; id::ENTROPY_BYTES])
}

fn set(scopes: &[&str]) -> BTreeSet<String> {
    scopes.iter().map(|scope| (*scope).to_owned()).collect()
}

fn member(number: u8) -> Membership {
    Membership {
        organization: organization(number),
        chosen_at: None,
        products: Vec::new(),
        held: ScopeList::from_iter(["accounts--my:rw", "accounts--all:ro"]),
        consented: ScopeList::default(),
        second_factor_due: false,
    }
}

fn product(product: &str, usable: bool, member: bool) -> MemberProduct {
    MemberProduct { product: product.into(), usable, member }
}

fn person(memberships: &[Membership]) -> Person {
    Person { account: account(1), default_organization: None, memberships: memberships.to_vec() }
}

fn wish(audience: Audience) -> Wish {
    Wish {
        audience,
        author: Some(account(9)),
        scopes: set(&["accounts--my:ro"]),
        required: BTreeSet::new(),
        organization: None,
        ask_consent: false,
    }
}

fn granted(number: u8, scopes: &[&str]) -> Granted {
    Granted { organization: organization(number), scopes: set(scopes) }
}

#[test]
fn a_private_client_is_for_its_own_organization() {
    let private = wish(Audience::Private(organization(1)));
    let own = Ok(Next::Grant(granted(1, &["accounts--my:ro"])));
    assert_eq!(next(&private, &person(&[member(1)])), own);
    assert_eq!(next(&private, &person(&[member(2), member(1)])), own, "no choice where there is only one");
    assert_eq!(next(&private, &person(&[member(2)])), DENIED);
    assert_eq!(next(&private, &person(&[])), DENIED);
}

#[test]
fn a_public_client_asks_strangers_for_consent() {
    let public = wish(Audience::Public(organization(1)));
    let asked = granted(2, &["accounts--my:ro"]);
    assert_eq!(next(&public, &person(&[member(1)])), Ok(Next::Grant(granted(1, &["accounts--my:ro"]))));
    assert_eq!(next(&public, &person(&[member(2)])), Ok(Next::Consent(asked.clone())));
    assert_eq!(after_consent(&public, &person(&[member(2)])), Ok(Next::Grant(asked.clone())));

    let narrower = Membership { consented: ScopeList::from_iter(["accounts--all:rw"]), ..member(2) };
    assert_eq!(next(&public, &person(&[narrower])), Ok(Next::Grant(asked.clone())), "allowed before, and more");
    let other = Membership { consented: ScopeList::from_iter(["sessions--my:ro"]), ..member(2) };
    assert_eq!(next(&public, &person(&[other])), Ok(Next::Consent(asked.clone())));

    let author = Wish { author: Some(account(1)), ..public };
    assert_eq!(next(&author, &person(&[member(2)])), Ok(Next::Grant(asked)));
}

#[test]
fn nothing_to_grant_is_no_consent() {
    let public = Wish { scopes: BTreeSet::new(), ..wish(Audience::Public(organization(1))) };
    assert_eq!(next(&public, &person(&[member(2)])), Ok(Next::Consent(granted(2, &[]))), "a stranger is asked anyway");
}

#[test]
fn prompt_consent_asks_everybody() {
    for audience in [Audience::Private(organization(1)), Audience::Product("Accounts".into())] {
        let asking = Wish { ask_consent: true, ..wish(audience) };
        assert_eq!(next(&asking, &person(&[member(1)])), Ok(Next::Consent(granted(1, &["accounts--my:ro"]))));
    }
}

#[test]
fn a_product_client_needs_the_product_and_a_role_in_it() {
    let livechat = wish(Audience::Product("LiveChat".into()));
    let with = |own: MemberProduct| person(&[Membership { products: vec![own], ..member(1) }]);
    assert_eq!(next(&livechat, &person(&[member(1)])), Ok(Next::ActivateProduct(organization(1))));
    let over = with(product("LiveChat", false, true));
    assert_eq!(next(&livechat, &over), Ok(Next::ActivateProduct(organization(1))));
    let stranger = with(product("LiveChat", true, false));
    assert_eq!(next(&livechat, &stranger), Ok(Next::RequestAccess(organization(1))));
    let colleague = with(product("LiveChat", true, true));
    assert_eq!(next(&livechat, &colleague), Ok(Next::Grant(granted(1, &["accounts--my:ro"]))));
    let accounts = wish(Audience::Product("Accounts".into()));
    assert_eq!(next(&accounts, &person(&[member(1)])), Ok(Next::Grant(granted(1, &["accounts--my:ro"]))));
}

#[test]
fn z4_nobody_lends_an_application_more_than_they_have() {
    let private = Audience::Private(organization(1));
    let wide = Wish { scopes: set(&["accounts--all:rw", "organization--my:rw"]), ..wish(private) };
    assert_eq!(
        next(&wide, &person(&[member(1)])),
        Ok(Next::Grant(granted(1, &["accounts--all:ro", "accounts--my:rw"])))
    );
    let needed = Wish { required: set(&["organization--my:rw"]), ..wide };
    assert_eq!(next(&needed, &person(&[member(1)])), DENIED, "a required scope that the person does not have");
}

#[test]
fn several_organizations_are_a_choice_unless_one_is_named() {
    let public = wish(Audience::Public(organization(9)));
    let both = person(&[member(1), member(2)]);
    assert_eq!(next(&public, &both), Ok(Next::ChooseOrganization(vec![organization(1), organization(2)])));
    let named = Wish { organization: Some(organization(2)), ..public.clone() };
    assert_eq!(next(&named, &both), Ok(Next::Consent(granted(2, &["accounts--my:ro"]))));
    let foreign = Wish { organization: Some(organization(3)), ..public };
    assert_eq!(next(&foreign, &both), DENIED, "never another one than was asked for");
}

#[test]
fn the_last_choice_comes_first_and_what_is_over_last() {
    let chosen = |number, at| Membership { chosen_at: Some(Timestamp::from_millis(at)), ..member(number) };
    let over = Membership { products: vec![product("LiveChat", false, true)], ..chosen(4, 99) };
    let all = [&member(1), &chosen(2, 10), &chosen(3, 20), &over, &member(5)];
    let order = in_order(&all, Some(organization(5)));
    assert_eq!(order, [3, 2, 5, 1, 4].map(organization));
}

#[test]
fn m6_an_organization_that_demands_a_second_factor_gives_nothing_before_it() {
    let due = |number| Membership { second_factor_due: true, ..member(number) };
    let wish = wish(Audience::Private(organization(1)));
    assert_eq!(next(&wish, &person(&[due(1)])), Ok(Next::SetUpSecondFactor(organization(1))));
    assert_eq!(after_consent(&wish, &person(&[due(1)])), Ok(Next::SetUpSecondFactor(organization(1))));
    assert!(matches!(next(&wish, &person(&[member(1), due(2)])), Ok(Next::Grant(_))), "another one is no matter");
}
