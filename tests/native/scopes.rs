//! `GET /v2/scopes`.

use http::StatusCode;

use crate::support::client::World;

#[test]
fn anyone_sees_the_public_scopes_and_only_those() {
    let world = World::default();
    let answer = world.anonymous().get("/v2/scopes");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1));
    let list = answer.json();
    let scopes: Vec<&str> =
        list.as_array().expect("an array").iter().map(|item| item["scope"].as_str().expect("a scope")).collect();
    assert!(scopes.is_sorted());
    assert!(scopes.contains(&"accounts--my:ro"));
    let private: i64 = world.database.value("SELECT count(*) FROM scope WHERE private = 1");
    assert!(private > 0);
    assert_eq!(i64::try_from(scopes.len()), Ok(world.rows("scope") - private));
    assert!(!scopes.contains(&"sessions--all:rw"));
    assert!(list.as_array().expect("an array").iter().all(|item| item["description"].is_string()));
}

#[test]
fn beta_is_said_only_where_it_is_so() {
    let list = World::default().anonymous().get("/v2/scopes").json();
    let find =
        |name: &str| list.as_array().expect("an array").iter().find(|item| item["scope"] == name).expect(name).clone();
    assert_eq!(find("greetings--all:ro")["beta"], true);
    assert!(find("accounts--my:ro").get("beta").is_none());
}

#[test]
fn no_credential_is_looked_at() {
    let world = World::default();
    assert_eq!(world.bearer("dal:forged").get("/v2/scopes").status, StatusCode::OK);
}
