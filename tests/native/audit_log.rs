//! `GET /v2/audit_log`

use global_accounts::ports::Clock as _;
use http::StatusCode;
use serde_json::Value;

use crate::support::client::{Client, World};

fn entries(client: &Client, query: &str) -> Vec<Value> {
    let answer = client.get(&format!("/v2/audit_log{query}"));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json().as_array().expect("an array").clone()
}

/// Copies the sign-up's entry into the past, one a second, with other actions and targets.
fn plant(world: &World, entries: usize) {
    world.database.raw().execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
         INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, target_kind, target_id, request_id)
         SELECT printf('018b0000-%04x-7000-8000-000000000000', i), 1, iif(i % 2, 'account.update', 'role.delete'),
           organization_id, actor_kind, actor_id, 'account', printf('t%d', i % 5), request_id FROM n, audit_log LIMIT ?1",
        [entries],
    ).expect("entries");
}

#[test]
fn l2_a_change_says_who_what_where_and_in_which_request() {
    let world = World::default();
    let (owner, created) = world.sign_up("john@example.com");
    let log = entries(&owner, "");
    assert_eq!(log.len(), 1);
    let entry = &log[0];
    assert_eq!(entry["action"], "organization.create");
    assert_eq!(entry["actor"]["account_id"], created["account_id"]);
    assert_eq!(entry["target"]["id"], created["organization"]["organization_id"]);
    assert_eq!((&entry["detail"]["ip"], &entry["detail"]["user_agent"]), (&"192.0.2.1".into(), &"test/1".into()));
    let lines = world.log.0.lock().expect("lock");
    assert!(lines[0].contains(entry["request_id"].as_str().expect("an id")), "the request's own line");
}

#[test]
fn l6_times_are_utc_with_milliseconds_and_those_of_the_clock() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let at = entries(&owner, "")[0]["at"].as_str().expect("a time").to_owned();
    assert_eq!(at, world.clock.now().rfc3339());
    assert!(at.len() == "2026-11-22T17:08:00.000Z".len() && at.ends_with('Z'), "{at}");
}

#[test]
fn l3_entries_outlive_their_personal_values() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    world.database.execute("DELETE FROM audit_detail");
    assert_eq!(entries(&owner, "")[0]["detail"], Value::Null);
    let change = world.database.raw().execute("DELETE FROM audit_log", []).expect_err("append-only");
    assert!(change.to_string().contains("append_only"));
}

#[test]
fn filters_fit_together_and_pages_follow_them() {
    let world = World::default();
    let (owner, created) = world.sign_up("john@example.com");
    plant(&world, 40);
    assert_eq!(entries(&owner, "").len(), 41);
    assert_eq!(entries(&owner, "?action=role.delete").len(), 20);
    assert_eq!(entries(&owner, "?action=role.delete&target=t1").len(), 4);
    assert_eq!(entries(&owner, &format!("?actor={}", created["account_id"].as_str().expect("an id"))).len(), 41);
    assert_eq!(entries(&owner, "?actor=00000000-0000-7000-8000-000000000000").len(), 0);
    assert_eq!(entries(&owner, "?from=2023-11-14T22:13:20Z").len(), 1, "the sign-up's own instant");
    assert_eq!(entries(&owner, "?until=2023-11-14T22:13:20Z").len(), 40);
    let newest_first: Vec<String> = entries(&owner, "").iter().map(|entry| entry["audit_id"].to_string()).collect();
    assert!(newest_first.is_sorted_by(|a, b| a > b));

    let first = owner.get("/v2/audit_log?action=role.delete&limit=15");
    let link = first.header("link").to_owned();
    let url = link.strip_prefix('<').and_then(|rest| rest.split_once('>')).expect("a next page").0.to_owned();
    assert!(url.starts_with("/v2/audit_log?action=role.delete&limit=15&cursor="), "{url}");
    let rest = owner.get(&url);
    assert_eq!(rest.json().as_array().map(Vec::len), Some(5));
    assert_eq!(rest.header("link"), "");
    let other = url.replace("role.delete", "account.update");
    assert_eq!(owner.get(&other).status, StatusCode::BAD_REQUEST, "z8: a cursor belongs to its filter");
}

#[test]
fn bad_filters_are_named_at_once() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let answer = owner.get(&format!("/v2/audit_log?actor=x&from=yesterday&target={}", "t".repeat(65)));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    let fields: Vec<String> = answer.json()["invalid_fields"].as_object().expect("a map").keys().cloned().collect();
    assert_eq!(fields, ["actor", "from", "target"]);
}

#[test]
fn z1_another_organizations_log_is_not_there() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let (stranger, created) = world.sign_up("jane@example.com");
    assert_eq!(entries(&owner, "").len(), 1);
    let id = created["organization"]["organization_id"].as_str().expect("an id");
    assert!(entries(&owner, &format!("?target={id}")).is_empty());
    assert_eq!(entries(&stranger, &format!("?target={id}")).len(), 1);
}
