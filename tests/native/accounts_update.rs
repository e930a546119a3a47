//! `PATCH /v2/accounts/{account_id}`

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, MEMBER, OWNER};

fn path(account: &str) -> String {
    format!("/v2/accounts/{account}")
}

#[test]
fn given_fields_change_and_absent_ones_stay() {
    let cast = Cast::default();
    let me = &cast.member.client;
    let full = json!({"name": "Ann", "avatar_url": "https://example.com/a.png", "default_product": "LiveChat"});
    let answer = me.patch("/v2/accounts/me", &full);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    assert_eq!(answer.json(), me.get("/v2/accounts/me").json());
    let answer = me.patch("/v2/accounts/me", &json!({"name": ""})).json();
    assert_eq!((&answer["name"], &answer["default_product"]), (&json!(""), &json!("LiveChat")));
    let answer = me.patch("/v2/accounts/me", &json!({"avatar_url": null, "default_organization_id": null})).json();
    assert_eq!((&answer["avatar_url"], &answer["default_organization_id"]), (&Value::Null, &Value::Null));
    assert_eq!((&answer["name"], &answer["default_product"]), (&json!(""), &json!("LiveChat")));
    assert_eq!(cast.audited("account.update"), 3);
}

#[test]
fn what_changes_nothing_is_not_audited_and_leaves_updated_at() {
    let cast = Cast::default();
    let me = &cast.member.client;
    me.patch("/v2/accounts/me", &json!({"name": "Ann"}));
    let before = me.get("/v2/accounts/me").json();
    cast.world.clock.advance(std::time::Duration::from_secs(1));
    for body in [json!({}), json!({"name": "Ann"}), json!({"name": null}), json!({"unknown": 1})] {
        let answer = me.patch("/v2/accounts/me", &body);
        assert_eq!((answer.status, answer.json()), (StatusCode::OK, before.clone()), "{}", answer.text);
    }
    assert_eq!(cast.audited("account.update"), 1);
    assert_ne!(me.patch("/v2/accounts/me", &json!({"name": "Bob"})).json()["updated_at"], before["updated_at"]);
}

#[test]
fn the_audit_log_tells_before_and_after_apart_from_ids() {
    let cast = Cast::default();
    cast.member.client.patch("/v2/accounts/me", &json!({"name": "Ann"}));
    cast.world.clock.advance(std::time::Duration::from_secs(1));
    cast.administrator.client.patch(&path(&cast.member.id), &json!({"name": "Eve"}));
    let log = cast.owner.client.get("/v2/audit_log?action=account.update").json();
    assert_eq!(log[0]["detail"]["before"]["name"], "Ann");
    assert_eq!(log[0]["detail"]["after"], json!({"name": "Eve"}));
    assert_eq!(log[0]["facts"], json!({"fields": ["name"]}));
    assert_eq!(log[0]["target"]["id"], log[1]["target"]["id"], "me is written as the id");
}

#[test]
fn z3_email_and_read_only_fields_are_ignored() {
    let cast = Cast::default();
    let before = cast.member.client.get("/v2/accounts/me").json();
    let body = json!({"email": "evil@example.com", "email_verified": true, "account_id": OWNER, "mfa": true,
                      "created_at": "2000-01-01T00:00:00.000Z", "updated_at": "2000-01-01T00:00:00.000Z",
                      "organization_id": OWNER, "token_epoch": 7, "email_key": "x"});
    let answer = cast.member.client.patch("/v2/accounts/me", &body);
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, before));
}

#[test]
fn z2_an_id_in_the_body_never_overrides_the_path() {
    let cast = Cast::default();
    let body = json!({"account_id": cast.owner.id, "name": "Ann"});
    assert_eq!(
        cast.administrator.client.patch(&path(&cast.member.id), &body).json()["account_id"],
        cast.member.id.as_str()
    );
    assert_eq!(cast.owner.client.get("/v2/accounts/me").json()["name"], "");
}

#[test]
fn z5_own_and_other_accounts_need_their_scopes() {
    let cast = Cast::default();
    let body = json!({"name": "Eve"});
    let forbidden = |answer: crate::support::client::Answer| {
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    };
    forbidden(cast.member.client.patch(&path(&cast.administrator.id), &body));
    forbidden(cast.with_scopes(&cast.owner, &["accounts--my:rw"]).patch(&path(&cast.member.id), &body));
    forbidden(cast.with_scopes(&cast.owner, &["accounts--all:rc"]).patch(&path(&cast.member.id), &body));
    forbidden(cast.with_scopes(&cast.owner, &["accounts--my:ro"]).patch("/v2/accounts/me", &body));
    let named: i64 = cast.world.database.value("SELECT count(*) FROM account WHERE name <> ''");
    assert_eq!(named, 0);
    let answer = cast.with_scopes(&cast.member, &["accounts--my:rw"]).patch(&path(&cast.member.id), &body);
    assert_eq!(answer.status, StatusCode::OK, "one's own id is oneself: {}", answer.text);
}

#[test]
fn z4_nobody_changes_an_account_that_ranks_above_them() {
    let cast = Cast::default();
    let answer = cast.administrator.client.patch(&path(&cast.owner.id), &json!({"name": "Eve"}));
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert_eq!(cast.owner.client.get("/v2/accounts/me").json()["name"], "");
    assert_eq!(cast.audited("account.update"), 0);
    let answer = cast.owner.client.patch(&path(&cast.administrator.id), &json!({"name": "Bob"}));
    assert_eq!(answer.json()["name"], "Bob");
}

#[test]
fn roles_work_as_set_roles_with_the_scope_and_are_403_without() {
    let cast = Cast::default();
    let body = json!({"name": "Eve", "roles": [{"role_id": ADMINISTRATOR}]});
    let narrow = cast.with_scopes(&cast.owner, &["accounts--all:rw", "accounts.roles--all:ro"]);
    for (client, account) in [(&narrow, cast.member.id.as_str()), (&cast.member.client, "me")] {
        let answer = client.patch(&path(account), &body);
        assert_eq!((answer.status, &answer.json()["sub_error"]), (StatusCode::FORBIDDEN, &json!("insufficient_scope")));
    }
    for roles in [json!([{"role_id": OWNER}]), json!([{"role_id": BILLING_EDITOR}])] {
        let answer = cast.administrator.client.patch(&path(&cast.member.id), &json!({"name": "Eve", "roles": roles}));
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    }
    let contradiction = json!({"name": "Eve", "roles": [{"role_id": MEMBER}, {"role_id": ADMINISTRATOR}]});
    let answer = cast.owner.client.patch(&path(&cast.member.id), &contradiction);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.json()["invalid_fields"].get("roles.0").is_some(), "{}", answer.text);
    assert_eq!(cast.member.client.get("/v2/accounts/me").json()["name"], "", "all or nothing");
    let answer = cast.owner.client.patch(&path(&cast.member.id), &body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    assert_eq!(
        (&answer.json()["name"], cast.roles_of(&cast.member.id).as_str()),
        (&json!("Eve"), "Accounts/administrator")
    );
    assert_eq!((cast.audited("account.update"), cast.audited("account.set_roles")), (1, 1));
}

#[test]
fn defaults_must_exist_and_belong_to_the_account() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    for (field, value) in [
        ("default_product", "Nothing"),
        ("default_organization_id", other.organization.as_str()),
        ("default_organization_id", OWNER),
    ] {
        let answer = cast.member.client.patch("/v2/accounts/me", &json!({"name": "Eve", field: value}));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
        assert!(answer.json()["invalid_fields"].get(field).is_some(), "{}", answer.text);
    }
    assert_eq!(cast.member.client.get("/v2/accounts/me").json()["name"], "");
}

#[test]
fn z1_an_account_of_another_organization_is_absent() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let absent = "728b99be-848c-11ea-9b91-00000000beef";
    for account in [other.member.id.as_str(), absent] {
        let answer = cast.owner.client.patch(&path(account), &json!({"name": "Eve"}));
        assert_eq!((answer.status, &answer.json()["resource_id"]), (StatusCode::NOT_FOUND, &json!(account)));
    }
    assert_eq!(other.member.client.get("/v2/accounts/me").json()["name"], "");
}

#[test]
fn every_bad_field_is_named_at_once() {
    let cast = Cast::default();
    let body = json!({"name": 1, "avatar_url": "data:text/html,x", "default_product": "", "default_organization_id": "x",
                      "roles": {}});
    let answer = cast.member.client.patch("/v2/accounts/me", &body);
    let expected = json!({"name": "must be a string", "avatar_url": "invalid url", "default_product": "is required",
                          "default_organization_id": "invalid uuid", "roles": "must be an array"});
    assert_eq!((answer.status, &answer.json()["invalid_fields"]), (StatusCode::UNPROCESSABLE_ENTITY, &expected));
    assert_eq!(cast.member.client.patch("/v2/accounts/x", &json!({})).status, StatusCode::UNPROCESSABLE_ENTITY);
}
