//! Long lists: whole and streamed, or in pages.

use http::StatusCode;
use serde_json::Value;

use crate::support::client::{Answer, Client, World};
use crate::support::sqlite::Fault;

/// An organization of `members` accounts besides its owner.
fn organization_of(members: usize) -> (World, Client) {
    let world = World::default();
    let (owner, created) = world.sign_up("owner@example.com");
    let organization = created["organization"]["organization_id"].as_str().expect("an id").to_owned();
    plant(&world, &organization, members);
    (world, owner)
}

fn plant(world: &World, organization: &str, members: usize) {
    let connection = world.database.raw();
    connection
        .execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
             INSERT INTO account (account_id, email, email_key, created_at, updated_at)
             SELECT printf('ffffffff-0000-7000-8000-%012x', i), printf('m%d@example.com', i), printf('m%d@example.com', i), i, i FROM n",
            [members],
        )
        .expect("accounts");
    connection
        .execute(
            "INSERT INTO membership (organization_id, account_id, created_at, updated_at)
             SELECT ?1, account_id, 1, 1 FROM account WHERE account_id LIKE 'ffffffff%'",
            [organization],
        )
        .expect("memberships");
}

fn ids(answer: &Answer) -> Vec<String> {
    let list: Vec<Value> = serde_json::from_str(&answer.text).expect("an array");
    list.iter().map(|account| account["account_id"].as_str().expect("an id").to_owned()).collect()
}

/// The URL in a `Link` header, if there is one.
fn next(answer: &Answer) -> Option<String> {
    let link = answer.header("link");
    link.strip_prefix('<')?.split_once(">; rel=\"next\"").map(|(url, _)| url.to_owned())
}

#[test]
fn a_short_list_is_one_round_trip_and_known_bytes() {
    let (_world, owner) = organization_of(499);
    let answer = owner.get("/v2/accounts");
    assert_eq!((ids(&answer).len(), answer.calls.database), (500, 1));
}

#[test]
fn a_long_list_is_whole_and_in_stable_order() {
    for members in [500, 999, 1_000, 1_499, 1_700] {
        let (_world, owner) = organization_of(members);
        let answer = owner.get("/v2/accounts");
        let all = ids(&answer);
        assert_eq!((answer.status, all.len()), (StatusCode::OK, members + 1));
        assert!(all.is_sorted(), "oldest first");
        assert_eq!(answer.calls.database as usize, (members + 1).div_ceil(500));
    }
}

#[test]
fn a_fault_in_mid_list_can_be_seen() {
    let (world, owner) = organization_of(1_700);
    world.database.set_fault(Some(Fault::Later(2)));
    let answer = owner.get("/v2/accounts");
    assert_eq!(answer.status, StatusCode::OK, "the first page has gone out");
    assert!(answer.text.starts_with('[') && !answer.text.ends_with(']'));
    assert!(serde_json::from_str::<Value>(&answer.text).is_err(), "no parser takes the part for the whole");
    assert_eq!(world.last_line()["event"], "list cut off");
    world.database.set_fault(Some(Fault::BeforeCommit));
    assert_eq!(owner.get("/v2/accounts").status, StatusCode::SERVICE_UNAVAILABLE, "a failed first page is no list");
}

#[test]
fn z6_a_list_ends_with_the_right_to_read_it() {
    let (world, owner) = organization_of(600);
    let first = owner.get("/v2/accounts?limit=500");
    let second = next(&first).expect("a second page");
    world.database.execute("UPDATE session SET ended_at = 1");
    assert_eq!(owner.get(&second).status, StatusCode::UNAUTHORIZED);
    assert_eq!(owner.get("/v2/accounts").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn pages_walk_through_the_whole_list() {
    let (_world, owner) = organization_of(1_001);
    let mut url = Some("/v2/accounts?limit=400".to_owned());
    let mut sizes = Vec::new();
    let mut all = Vec::new();
    while let Some(page) = url {
        let answer = owner.get(&page);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
        sizes.push(ids(&answer).len());
        all.extend(ids(&answer));
        url = next(&answer);
    }
    assert_eq!(sizes, [400, 400, 202]);
    assert_eq!(all, ids(&owner.get("/v2/accounts")));
}

#[test]
fn limits_outside_their_range_are_refused() {
    let (_world, owner) = organization_of(1);
    for limit in ["0", "1001", "-1", "x", "", "1e3", "99999999999999999999"] {
        let answer = owner.get(&format!("/v2/accounts?limit={limit}"));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{limit}");
        assert_eq!(answer.json()["invalid_fields"]["limit"], "must be 1..1000");
        assert_eq!(answer.calls.database, 0);
    }
    assert_eq!(owner.get("/v2/accounts?limit=5&limit=6").status, StatusCode::BAD_REQUEST);
}

#[test]
fn z8_a_cursor_is_authenticated_and_bound_to_its_list_and_organization() {
    let (world, owner) = organization_of(10);
    let url = next(&owner.get("/v2/accounts?limit=2")).expect("a next page");
    let (stem, cursor) = url.split_once("cursor=").expect("a cursor");
    for at in 0..cursor.len() {
        let mut forged = cursor.to_owned();
        let flipped = if forged.as_bytes()[at] == b'1' { "2" } else { "1" };
        forged.replace_range(at..=at, flipped);
        let answer = owner.get(&format!("{stem}cursor={forged}"));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::BAD_REQUEST, 0), "{forged}");
    }
    for forged in ["", "x", "'; DROP TABLE account; --", "dal:abc.def"] {
        let forged: String = form_urlencoded::byte_serialize(forged.as_bytes()).collect();
        let answer = owner.get(&format!("{stem}cursor={forged}"));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::BAD_REQUEST, 0), "{forged}");
    }
    let (stranger, _) = world.sign_up("stranger@example.com");
    assert_eq!(stranger.get(&url).status, StatusCode::BAD_REQUEST, "another organization's cursor");
    assert_eq!(owner.get(&url).status, StatusCode::OK);
    world.clock.advance(std::time::Duration::from_hours(7));
    assert_eq!(owner.get(&url).status, StatusCode::OK, "the token still lives, and so does the cursor");
}

#[test]
fn one_account_is_found_by_its_address() {
    let (world, owner) = organization_of(20);
    let answer = owner.get("/v2/accounts?email=M7@Example.com");
    assert_eq!(answer.calls.database, 1);
    assert_eq!(answer.json()[0]["email"], "m7@example.com");
    assert_eq!(answer.json().as_array().map(Vec::len), Some(1));
    assert_eq!(owner.get("/v2/accounts?email=nobody@example.com").text, "[]");
    world.sign_up("stranger@example.com");
    assert_eq!(owner.get("/v2/accounts?email=stranger@example.com").text, "[]", "another organization's is absent");
    assert_eq!(owner.get("/v2/accounts?email=x").status, StatusCode::UNPROCESSABLE_ENTITY);
}
