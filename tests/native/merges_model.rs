//! Random pairs of organizations become one, and a small model of the rules says what must have come out.
//!
//! The model knows no SQL and no ids of rows: people, their roles by name, products by name.

use std::collections::{BTreeMap, BTreeSet};

use http::StatusCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, MEMBER};
use crate::support::mergers::Mergers;

/// Products with their secondary roles, the lowest first.
const PRODUCTS: [(&str, &[&str]); 3] = [
    ("LiveChat", &["normal", "administrator"]),
    ("HelpDesk", &["viewer", "normal", "administrator"]),
    ("ChatBot", &["editor", "administrator"]),
];
const STATES: [&str; 3] = ["trial", "active", "past_due"];
/// Names of own roles, some of which the other side may have too, in other letters or already renamed.
const NAMES: [&str; 6] = ["auditor", "Auditor", "auditor (B)", "auditor (B 2)", "night shift", "x (b)"];

/// How somebody stands in one organization.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    primary: usize,
    suspended: bool,
    /// By product, the rank of the secondary role.
    secondary: BTreeMap<&'static str, usize>,
    suspended_from: BTreeSet<&'static str>,
    custom: BTreeSet<String>,
}

/// One organization: people by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Organization {
    owner: usize,
    people: BTreeMap<usize, Place>,
    products: BTreeMap<&'static str, &'static str>,
    own_roles: BTreeSet<String>,
}

const MEMBERS: usize = 1;
const ADMINISTRATORS: usize = 2;
const OWNERS: usize = 3;

/// The rules, as the description of a merge says them.
fn merged(a: &Organization, b: &Organization, kept_from_b: &BTreeSet<&'static str>) -> Organization {
    let mut result = a.clone();
    for (product, state) in &b.products {
        if !a.products.contains_key(product) || kept_from_b.contains(product) {
            result.products.insert(product, state);
        }
    }
    let mut names = BTreeMap::new();
    let mut taken: BTreeSet<String> = a.own_roles.union(&b.own_roles).map(|name| name.to_lowercase()).collect();
    for name in &b.own_roles {
        let clash = a.own_roles.iter().any(|own| own.eq_ignore_ascii_case(name));
        let free = |name: &str, taken: &BTreeSet<String>| {
            (1..)
                .map(|n| if n == 1 { format!("{name} (B)") } else { format!("{name} (B {n})") })
                .find(|candidate| !taken.contains(&candidate.to_lowercase()))
                .expect("some number is free")
        };
        let new = if clash { free(name, &taken) } else { name.clone() };
        taken.insert(new.to_lowercase());
        result.own_roles.insert(new.clone());
        names.insert(name.clone(), new);
    }
    let renamed = |custom: &BTreeSet<String>| -> BTreeSet<String> {
        custom.iter().map(|name| names.get(name).unwrap_or(name).clone()).collect()
    };
    for (person, theirs) in &b.people {
        match result.people.get_mut(person) {
            None => {
                let mut place = Place { custom: renamed(&theirs.custom), ..theirs.clone() };
                place.primary = place.primary.min(ADMINISTRATORS);
                result.people.insert(*person, place);
            }
            Some(mine) => {
                if !theirs.suspended {
                    for (product, rank) in &theirs.secondary {
                        let held = mine.secondary.entry(product).or_insert(*rank);
                        *held = (*held).max(*rank);
                    }
                    mine.custom.extend(renamed(&theirs.custom));
                    if mine.primary != OWNERS {
                        mine.suspended_from.extend(&theirs.suspended_from);
                    }
                }
                if *person == b.owner {
                    mine.primary = mine.primary.max(ADMINISTRATORS);
                }
            }
        }
    }
    result
}

const PEOPLE: usize = 7;

/// What proptest chooses of one person in one organization.
type Chosen = (bool, bool, bool, [usize; 3], [bool; 3], [bool; 6], bool);

fn person() -> impl Strategy<Value = Chosen> {
    (
        any::<bool>(),
        any::<bool>(),
        prop::bool::weighted(0.2),
        [0..4_usize, 0..4_usize, 0..4_usize],
        any::<[bool; 3]>(),
        any::<[bool; 6]>(),
        any::<bool>(),
    )
}

fn organization() -> impl Strategy<Value = (Vec<Chosen>, usize, [bool; 3], [usize; 3], [bool; 6])> {
    (
        prop::collection::vec(person(), PEOPLE),
        0..PEOPLE,
        any::<[bool; 3]>(),
        [0..3_usize, 0..3_usize, 0..3_usize],
        any::<[bool; 6]>(),
    )
}

/// The organization that was chosen. Own roles never clash with each other: one of each name, case aside.
fn built((people, owner, has, states, names): (Vec<Chosen>, usize, [bool; 3], [usize; 3], [bool; 6])) -> Organization {
    let products: BTreeMap<_, _> =
        (0..3).filter(|at| has[*at]).map(|at| (PRODUCTS[at].0, STATES[states[at]])).collect();
    let mut own_roles: BTreeSet<String> = BTreeSet::new();
    for (name, _) in NAMES.iter().zip(names).filter(|(_, has)| *has) {
        if !own_roles.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            own_roles.insert((*name).to_owned());
        }
    }
    let place = |number: usize, (_, administers, suspended, ranks, from, customs, billing): &Chosen| {
        let is_owner = number == owner;
        let mut place = Place {
            primary: if is_owner {
                OWNERS
            } else if *administers {
                ADMINISTRATORS
            } else {
                MEMBERS
            },
            suspended: *suspended && !is_owner,
            ..Place::default()
        };
        for (at, (product, roles)) in
            PRODUCTS.iter().enumerate().filter(|(_, (product, _))| products.contains_key(product))
        {
            if ranks[at] > 0 {
                place.secondary.insert(product, ranks[at].min(roles.len()));
            }
            if from[at] && !is_owner {
                place.suspended_from.insert(product);
            }
        }
        place.custom = own_roles.iter().zip(customs).filter(|(_, has)| **has).map(|(name, _)| name.clone()).collect();
        if *billing {
            place.custom.insert("billing_editor".to_owned());
        }
        place
    };
    let members = people.iter().enumerate().filter(|(number, chosen)| chosen.0 || *number == owner);
    Organization {
        owner,
        people: members.map(|(number, chosen)| (number, place(number, chosen))).collect(),
        products,
        own_roles,
    }
}

/// Writes an organization into the tables. Its owner signed up; the others are accounts of the pool.
fn planted(cast: &Cast, organization: &Organization, pool: &[String]) {
    let (world, id) = (&cast.world, &cast.organization);
    let mut own = BTreeMap::new();
    for (number, name) in organization.own_roles.iter().enumerate() {
        let role = format!("0190bbbb-{:04x}-7000-8000-{}", number, &id[24..]);
        world.database.execute(&format!(
            "INSERT INTO role (role_id, organization_id, product, role, type, rank, created_at, updated_at)
             VALUES ('{role}', '{id}', 'Accounts', '{name}', 'custom', 0, 1, 1)"
        ));
        own.insert(name.clone(), role);
    }
    for (product, state) in &organization.products {
        world.database.execute(&format!("INSERT INTO organization_product VALUES ('{id}', '{product}', '{state}', 1)"));
    }
    for (person, place) in &organization.people {
        let account = &pool[*person];
        if place.primary != OWNERS {
            world.join(account, id, if place.primary == ADMINISTRATORS { ADMINISTRATOR } else { MEMBER });
        }
        world.database.execute(&format!(
            "UPDATE membership SET suspended = {} WHERE organization_id = '{id}' AND account_id = '{account}'",
            place.suspended
        ));
        for (product, rank) in &place.secondary {
            let roles = PRODUCTS.iter().find(|(name, _)| name == product).expect("a product").1;
            world.give_role(account, id, &cast.role(product, roles[rank - 1]));
        }
        for name in &place.custom {
            world.give_role(account, id, own.get(name).map_or(BILLING_EDITOR, String::as_str));
        }
        for product in &place.suspended_from {
            world
                .database
                .execute(&format!("INSERT INTO product_suspension VALUES ('{id}', '{account}', '{product}', 1)"));
        }
    }
}

/// Reads an organization from the tables.
fn found(cast: &Cast, pool: &[String]) -> Organization {
    let lines = |sql: &str| -> Vec<(String, String, String)> {
        let connection = cast.world.database.raw();
        let mut statement = connection.prepare(sql).expect("a query");
        let rows = statement.query_map([&cast.organization], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    };
    let number = |account: &str| pool.iter().position(|id| id == account).expect("somebody of the pool");
    let product = |name: &str| PRODUCTS.iter().find(|(known, _)| *known == name).expect("a product");
    let mut organization = Organization::default();
    for (name, state, _) in lines("SELECT product, state, '' FROM organization_product WHERE organization_id = ?1") {
        let state = STATES.iter().find(|known| **known == state).expect("a state");
        organization.products.insert(product(&name).0, state);
    }
    for (name, ..) in lines("SELECT role, '', '' FROM role WHERE organization_id = ?1") {
        organization.own_roles.insert(name);
    }
    for (account, suspended, _) in
        lines("SELECT account_id, CAST(suspended AS TEXT), '' FROM membership WHERE organization_id = ?1")
    {
        organization.people.insert(number(&account), Place { suspended: suspended == "1", ..Place::default() });
    }
    let roles =
        "SELECT account_id, role.product || '/' || role.role, role.type FROM membership_role JOIN role USING (role_id)
                 WHERE membership_role.organization_id = ?1";
    for (account, role, kind) in lines(roles) {
        let place = organization.people.get_mut(&number(&account)).expect("a member");
        let (of, name) = role.split_once('/').expect("a product");
        match kind.as_str() {
            "primary" => {
                place.primary =
                    ["member", "administrator", "owner"].iter().position(|known| *known == name).expect("one") + 1;
                if place.primary == OWNERS {
                    organization.owner = number(&account);
                }
            }
            "secondary" => {
                let (product, roles) = product(of);
                let rank = roles.iter().position(|known| *known == name).expect("a role") + 1;
                assert_eq!(place.secondary.insert(product, rank), None, "one a product");
            }
            _ => assert!(place.custom.insert(name.to_owned()), "once"),
        }
    }
    for (account, name, _) in lines("SELECT account_id, product, '' FROM product_suspension WHERE organization_id = ?1")
    {
        organization.people.get_mut(&number(&account)).expect("a member").suspended_from.insert(product(&name).0);
    }
    organization
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn z4_z5_what_comes_out_is_what_the_rules_say(a in organization(), b in organization(), from_b in any::<[bool; 3]>()) {
        let (a, mut b) = (built(a), built(b));
        let mergers = Mergers::default();
        let world = &mergers.a.world;
        // The owners signed up; whoever else belongs is planted. Nobody of the casts but the owners stays.
        world.database.raw().execute_batch(
            "DELETE FROM account WHERE account_id NOT IN (SELECT account_id FROM membership_role JOIN role USING (role_id) WHERE role = 'owner')",
        ).expect("an empty house");
        // One person owning both has one account, so the pool then has the same id under both owners.
        if a.owner == b.owner {
            let other = (b.owner + 1) % PEOPLE;
            let place = b.people.remove(&b.owner).expect("the owner");
            b.people.insert(other, place);
            b.owner = other;
        }
        let pool: Vec<String> = (0..PEOPLE).map(|number| match number {
            _ if number == a.owner => mergers.a.owner.id.clone(),
            _ if number == b.owner => mergers.b.owner.id.clone(),
            _ => {
                let id = format!("0190cccc-0000-7000-8000-{number:012}");
                world.database.execute(&format!(
                    "INSERT INTO account (account_id, email, email_key, default_organization_id, created_at, updated_at)
                     VALUES ('{id}', 'p{number}@example.com', 'p{number}@example.com', '{}', 1, 1)",
                    mergers.b.organization
                ));
                id
            }
        }).collect();
        planted(&mergers.a, &a, &pool);
        planted(&mergers.b, &b, &pool);
        world.database.execute("DELETE FROM account WHERE account_id NOT IN (SELECT account_id FROM membership)");
        prop_assert_eq!(&found(&mergers.a, &pool), &a);
        prop_assert_eq!(&found(&mergers.b, &pool), &b);

        let kept_from_b: BTreeSet<&'static str> = (0..3).filter(|at| from_b[*at]).map(|at| PRODUCTS[at].0).collect();
        let both = a.products.keys().filter(|product| b.products.contains_key(*product));
        let keep: Value = both.map(|product| {
            let organization = if kept_from_b.contains(product) { &mergers.b.organization } else { &mergers.a.organization };
            ((*product).to_owned(), json!(organization))
        }).collect::<serde_json::Map<_, _>>().into();
        let merge = mergers.ask(&keep).json();
        let seen = mergers.b.owner.client.get(&mergers.path(&merge)).json();
        let preview = &seen["preview"];
        let body = json!({"preview_version": preview["version"]});
        let answer = mergers.b.owner.client.post(&format!("{}/approve", mergers.path(&merge)), &body);
        prop_assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let expected = merged(&a, &b, &kept_from_b);
        prop_assert_eq!(&found(&mergers.a, &pool), &expected);
        mergers.invariants();
        foretold(preview, &a, &b, &expected)?;
        let elsewhere = format!("account WHERE default_organization_id <> '{}'", mergers.a.organization);
        prop_assert_eq!(world.rows(&elsewhere), 0);
    }
}

/// The preview said what has happened.
fn foretold(preview: &Value, a: &Organization, b: &Organization, after: &Organization) -> Result<(), TestCaseError> {
    let newcomers: Vec<&usize> = b.people.keys().filter(|person| !a.people.contains_key(person)).collect();
    let accounts = &preview["accounts"];
    prop_assert_eq!(&accounts["total"], b.people.len());
    prop_assert_eq!(&accounts["joining"], newcomers.len());
    prop_assert_eq!(&accounts["in_both"], b.people.len() - newcomers.len());
    prop_assert_eq!(&accounts["suspended"], newcomers.iter().filter(|person| after.people[person].suspended).count());
    let before = |person: &usize| a.people.get(person).map_or(0, |place| place.primary);
    let risen =
        after.people.iter().filter(|(person, place)| place.primary > before(person) && place.primary >= ADMINISTRATORS);
    prop_assert_eq!(&accounts["administrators"], risen.count());
    let gains: usize = accounts["list"]
        .as_array()
        .expect("the owner sees them")
        .iter()
        .map(|person| person["gains"].as_array().expect("a list").len())
        .sum();
    let roles = |organization: &Organization, person: &usize| -> BTreeSet<String> {
        let Some(place) = organization.people.get(person) else { return BTreeSet::new() };
        place
            .secondary
            .iter()
            .map(|(product, rank)| format!("{product} {rank}"))
            .chain(place.custom.iter().cloned())
            .collect()
    };
    let gained: usize =
        after.people.keys().map(|person| roles(after, person).difference(&roles(a, person)).count()).sum();
    prop_assert_eq!(gains, gained);
    let products: BTreeMap<&str, &str> = preview["products"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|product| (product["product"].as_str().expect("a name"), product["state"].as_str().expect("a state")))
        .collect();
    prop_assert_eq!(products, after.products.iter().map(|(name, state)| (*name, *state)).collect::<BTreeMap<_, _>>());
    let names: BTreeSet<&str> = preview["roles"]["list"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|role| role["renamed_to"].as_str().or(role["role"].as_str()).expect("a name"))
        .collect();
    let moved: BTreeSet<&str> = after.own_roles.difference(&a.own_roles).map(String::as_str).collect();
    prop_assert_eq!(names, moved);
    Ok(())
}
