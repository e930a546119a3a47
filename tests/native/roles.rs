//! `/v2/roles`

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, Person};
use crate::support::client::{Answer, Client};

const ABSENT: &str = "728b99be-848c-11ea-9b91-00000000beef";

fn path(role: &Value) -> String {
    format!("/v2/roles/{}", role["role_id"].as_str().expect("an id"))
}

fn create(cast: &Cast, product: &str, role: &str, scope: &str) -> Value {
    let answer = cast.owner.client.post("/v2/roles", &json!({"product": product, "role": role, "scope": scope}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    answer.json()
}

fn give(cast: &Cast, person: &Person, role: &Value) {
    let body = json!({"set_roles": [{"role_id": role["role_id"]}]});
    let answer = cast.owner.client.put(&format!("/v2/accounts/{}/roles", person.id), &body);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

fn state(cast: &Cast) -> (String, i64) {
    let roles = "SELECT coalesce(group_concat(role.role_id || role || coalesce(scope, '')), '')
                 FROM role LEFT JOIN role_scope USING (role_id) WHERE organization_id IS NOT NULL";
    let audited: i64 = cast.world.database.value("SELECT count(*) FROM audit_log WHERE action LIKE 'role.%'");
    (cast.world.database.value(roles), audited)
}

/// Refused with this status, and nothing happened.
fn refused(cast: &Cast, status: StatusCode, call: impl FnOnce() -> Answer) -> Answer {
    let before = state(cast);
    let answer = call();
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(state(cast), before);
    answer
}

#[test]
fn the_list_is_the_catalogue_and_the_organizations_own() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    create(&other, "Accounts", "theirs", "accounts--all:ro");
    let answer = cast.member.client.get("/v2/roles");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1));
    let list = answer.json();
    let list = list.as_array().expect("an array");
    assert_eq!(list.len(), 18);
    let owner = json!({"role_id": "728b99be-848c-11ea-9b91-005056a00001", "product": "Accounts", "role": "owner",
                       "type": "primary", "predefined": true});
    assert_eq!(list[0], owner);
    assert_eq!(list[1]["role_id"], ADMINISTRATOR);
    let expected = json!({"role_id": mine["role_id"], "product": "Accounts", "role": "auditor", "type": "custom",
                          "predefined": false});
    assert_eq!(list[17], expected);
    let narrow = cast.with_scopes(&cast.owner, &["accounts--all:rw"]);
    assert_eq!(narrow.get("/v2/roles").status, StatusCode::FORBIDDEN);
}

#[test]
fn one_role_has_its_scopes_joined_by_commas() {
    let cast = Cast::default();
    let answer = cast.member.client.get(&format!("/v2/roles/{BILLING_EDITOR}"));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1));
    let expected = json!({"role_id": BILLING_EDITOR, "product": "Accounts", "role": "billing_editor", "type": "custom",
                          "predefined": true, "scope": "billing--all:rw,billing_manage,ledger_read"});
    assert_eq!(answer.json(), expected);
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro, accounts--all:ro,sessions--my:ro");
    assert_eq!(mine["scope"], "accounts--all:ro,sessions--my:ro");
    assert_eq!(cast.member.client.get(&path(&mine)).json(), mine);
}

#[test]
fn z1_a_role_of_another_organization_is_absent() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let theirs = create(&other, "Accounts", "theirs", "accounts--my:ro");
    for path in [path(&theirs), format!("/v2/roles/{ABSENT}")] {
        let change = json!({"role": "mine"});
        for call in [Client::get as fn(&Client, &str) -> Answer, Client::delete, |client, path| {
            client.patch(path, &json!({"role": "x"}))
        }] {
            let answer = refused(&cast, StatusCode::NOT_FOUND, || call(&cast.owner.client, &path));
            assert_eq!(answer.json()["resource_name"], "role");
        }
        refused(&cast, StatusCode::NOT_FOUND, || cast.owner.client.patch(&path, &change));
    }
    assert_eq!(cast.owner.client.get("/v2/roles/x").status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn predefined_roles_do_not_change() {
    let cast = Cast::default();
    let scopes: i64 = cast.world.database.value("SELECT count(*) FROM role_scope");
    for role in [ADMINISTRATOR, BILLING_EDITOR] {
        let path = format!("/v2/roles/{role}");
        refused(&cast, StatusCode::FORBIDDEN, || cast.owner.client.delete(&path));
        refused(&cast, StatusCode::FORBIDDEN, || cast.owner.client.patch(&path, &json!({"role": "x"})));
        let narrowed = json!({"scope": "accounts--my:ro"});
        refused(&cast, StatusCode::FORBIDDEN, || cast.owner.client.patch(&path, &narrowed));
        assert_eq!(cast.owner.client.get(&path).status, StatusCode::OK);
    }
    assert_eq!(cast.world.database.value::<i64>("SELECT count(*) FROM role_scope"), scopes);
}

#[test]
fn z4_only_administrators_with_the_scope_make_roles() {
    let cast = Cast::default();
    let body = json!({"product": "Accounts", "role": "x", "scope": "accounts--my:ro"});
    let mine = create(&cast, "Accounts", "people", "accounts.roles--all:rw");
    give(&cast, &cast.member, &mine);
    let narrow = cast.with_scopes(&cast.owner, &["accounts.roles--all:ro"]);
    for client in [&cast.member.client, &narrow] {
        refused(&cast, StatusCode::FORBIDDEN, || client.post("/v2/roles", &body));
        refused(&cast, StatusCode::FORBIDDEN, || client.patch(&path(&mine), &json!({"role": "x"})));
        refused(&cast, StatusCode::FORBIDDEN, || client.delete(&path(&mine)));
    }
    assert_eq!(cast.administrator.client.post("/v2/roles", &body).status, StatusCode::CREATED);
}

#[test]
fn z4_no_role_has_a_scope_above_its_makers() {
    let cast = Cast::default();
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    for scope in ["billing--all:rw", "billing_admin", "chats--access:ro", "accounts--my:ro,chats--all:ro"] {
        let body = json!({"product": "Accounts", "role": "x", "scope": scope});
        refused(&cast, StatusCode::FORBIDDEN, || cast.administrator.client.post("/v2/roles", &body));
        let body = json!({"scope": scope});
        refused(&cast, StatusCode::FORBIDDEN, || cast.administrator.client.patch(&path(&mine), &body));
    }
    for (name, scope) in
        [("a", "sessions--all:rw"), ("b", "accounts--my:ro,sessions--my:ro"), ("c", "accounts--all:rc")]
    {
        let body = json!({"product": "Accounts", "role": name, "scope": scope});
        let answer = cast.administrator.client.post("/v2/roles", &body);
        assert_eq!(answer.status, StatusCode::CREATED, "private or narrower, but held: {}", answer.text);
    }
    cast.world.database.execute("DELETE FROM role_scope WHERE scope = 'sessions--all:rw'");
    let body = json!({"product": "Accounts", "role": "d", "scope": "sessions--all:rw"});
    refused(&cast, StatusCode::FORBIDDEN, || cast.administrator.client.post("/v2/roles", &body));
}

#[test]
fn names_are_taken_once_in_organization_and_product() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let other = Cast::of(cast.world.clone(), "other@example.com");
    create(&other, "Accounts", "auditor", "accounts--all:ro");
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    let second = create(&cast, "Accounts", "second", "accounts--all:ro");
    for name in ["auditor", "Auditor", "owner", "billing_editor", "Member"] {
        let body = json!({"product": "Accounts", "role": name, "scope": "accounts--my:ro"});
        let answer = refused(&cast, StatusCode::CONFLICT, || cast.owner.client.post("/v2/roles", &body));
        assert_eq!(answer.json()["resource_name"], "role");
        refused(&cast, StatusCode::CONFLICT, || cast.owner.client.patch(&path(&second), &json!({"role": name})));
    }
    create(&cast, "LiveChat", "auditor", "accounts--all:ro");
    let answer = cast.owner.client.patch(&path(&mine), &json!({"role": "Auditor"}));
    assert_eq!((answer.status, &answer.json()["role"]), (StatusCode::OK, &json!("Auditor")), "its own name");
}

#[test]
fn every_bad_field_is_named() {
    let cast = Cast::default();
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    for (body, fields) in [
        (json!({}), json!({"product": "is required", "role": "is required", "scope": "is required"})),
        (
            json!({"product": "Accounts", "role": "x".repeat(65), "scope": " , "}),
            json!({"role": "value too long", "scope": "is required"}),
        ),
        (
            json!({"product": "LiveChat", "role": "x", "scope": "accounts--my:ro"}),
            json!({"product": "the product is not enabled"}),
        ),
        (
            json!({"product": "Nothing", "role": "x", "scope": "accounts--my:ro"}),
            json!({"product": "the product is not enabled"}),
        ),
        (
            json!({"product": "Accounts", "role": "x", "scope": "zzz,accounts--my:ro,yyy"}),
            json!({"scope": "unknown scope: yyy, zzz"}),
        ),
        (
            json!({"product": "Accounts", "role": "x", "scope": "accounts--my:ro,a'b"}),
            json!({"scope": "invalid scope"}),
        ),
    ] {
        let answer = refused(&cast, StatusCode::UNPROCESSABLE_ENTITY, || cast.owner.client.post("/v2/roles", &body));
        assert_eq!(answer.json()["invalid_fields"], fields);
    }
    for (body, fields) in [
        (json!({"role": "", "scope": ["a"]}), json!({"role": "is required", "scope": "must be a string"})),
        (json!({"scope": "zzz"}), json!({"scope": "unknown scope: zzz"})),
    ] {
        let call = || cast.owner.client.patch(&path(&mine), &body);
        assert_eq!(refused(&cast, StatusCode::UNPROCESSABLE_ENTITY, call).json()["invalid_fields"], fields);
    }
}

#[test]
fn z3_read_only_fields_are_never_applied() {
    let cast = Cast::default();
    let forged = json!({"product": "Accounts", "role": "x", "scope": "accounts--my:ro", "role_id": ABSENT,
                        "type": "primary", "predefined": true, "rank": 30, "organization_id": null});
    let created = cast.owner.client.post("/v2/roles", &forged).json();
    assert_eq!((&created["type"], &created["predefined"]), (&json!("custom"), &json!(false)));
    assert_ne!(created["role_id"], ABSENT);
    let mut patch = forged;
    patch["product"] = json!("LiveChat");
    assert_eq!(cast.owner.client.patch(&path(&created), &patch).json(), created);
    assert_eq!(cast.world.database.value::<i64>("SELECT max(rank) FROM role WHERE organization_id IS NOT NULL"), 0);
}

#[test]
fn a_change_follows_at_once_and_a_change_of_nothing_is_not_audited() {
    let cast = Cast::default();
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:rw,sessions--my:ro");
    give(&cast, &cast.member, &mine);
    let rename = || cast.member.client.patch(&format!("/v2/accounts/{}", cast.member.id), &json!({"name": "x"}));
    let other = || cast.member.client.delete(&format!("/v2/accounts/{ABSENT}")).status;
    assert_eq!((rename().status, other()), (StatusCode::OK, StatusCode::NOT_FOUND));
    let answer = cast.owner.client.patch(&path(&mine), &json!({"scope": "sessions--my:ro,accounts--all:ro"}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    assert_eq!(answer.json()["scope"], "accounts--all:ro,sessions--my:ro");
    assert_eq!(other(), StatusCode::FORBIDDEN, "z6: without a new token");
    for body in [json!({}), json!({"role": "auditor", "scope": "accounts--all:ro,sessions--my:ro"})] {
        let before = state(&cast);
        assert_eq!(cast.owner.client.patch(&path(&mine), &body).json(), answer.json());
        assert_eq!(state(&cast), before);
    }
    let log = cast.owner.client.get("/v2/audit_log?action=role.update").json();
    assert_eq!(log[0]["detail"]["before"]["scope"], "accounts--all:rw,sessions--my:ro");
}

#[test]
fn s4_r10_a_deleted_role_takes_its_holders_tokens_with_it() {
    let cast = Cast::default();
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    give(&cast, &cast.member, &mine);
    let personal = cast.world.personal(&cast.member.id, &cast.organization, &["accounts--my:ro"]);
    let answer = cast.administrator.client.delete(&path(&mine));
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));
    for client in [&cast.member.client, &personal] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    }
    for person in [&cast.owner, &cast.administrator] {
        assert_eq!(person.client.get("/v2/accounts/me").status, StatusCode::OK, "who does not hold it");
    }
    assert_eq!(cast.roles_of(&cast.member.id), "Accounts/member");
    assert_eq!(cast.person(&cast.member.id).client.get("/v2/accounts/me").status, StatusCode::OK, "a new token works");
    assert_eq!(cast.owner.client.delete(&path(&mine)).status, StatusCode::NOT_FOUND);
    assert_eq!(cast.audited("role.delete"), 1);
}

#[test]
fn s4_a_caller_who_holds_the_role_loses_the_token_too() {
    let cast = Cast::default();
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    give(&cast, &cast.administrator, &mine);
    assert_eq!(cast.administrator.client.delete(&path(&mine)).status, StatusCode::OK);
    assert_eq!(cast.administrator.client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(cast.audited("role.delete"), 1);
}

#[test]
fn z4_a_role_that_the_owner_holds_is_the_owners_to_change() {
    let cast = Cast::default();
    let mine = create(&cast, "Accounts", "auditor", "accounts--all:ro");
    give(&cast, &cast.owner, &mine);
    refused(&cast, StatusCode::FORBIDDEN, || cast.administrator.client.delete(&path(&mine)));
    let body = json!({"scope": "accounts--my:ro"});
    refused(&cast, StatusCode::FORBIDDEN, || cast.administrator.client.patch(&path(&mine), &body));
    assert_eq!(cast.owner.client.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(cast.owner.client.delete(&path(&mine)).status, StatusCode::OK);
}
