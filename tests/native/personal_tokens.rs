//! `/v2/personal_token`.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::client::{Client, World};
use crate::support::office::{Office, office, office_in};
use crate::support::plant::{ADMINISTRATOR, MEMBER};

const PATH: &str = "/v2/personal_token";

/// The same data under the strict profile.
fn strict_office() -> Office {
    let Office { world, owner_id, id, .. } = office();
    let world = world.reconfigured(&[("PROFILE", "strict")]);
    let owner = world.bearer(&world.full_token_for(&owner_id, &id));
    Office { world, owner, owner_id, id }
}

fn create(client: &Client, scope: &str) -> Value {
    let answer = client.post(PATH, &json!({"name": "script", "scope": scope}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CREATED, 1), "{}", answer.text);
    answer.json()
}

fn listed(client: &Client) -> Vec<Value> {
    let answer = client.get(PATH);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json().as_array().expect("an array").clone()
}

fn secret(token: &Value) -> String {
    token["personal_token"].as_str().expect("a secret").to_owned()
}

#[test]
fn z14_the_secret_is_shown_once_and_kept_as_a_digest() {
    let Office { world, owner, owner_id, id } = office();
    let created = create(&owner, "accounts--all:ro,accounts--my:rw");
    assert_eq!(created["scope"], "accounts--all:ro,accounts--my:rw");
    assert_eq!((&created["account_id"], &created["organization_id"]), (&json!(owner_id), &json!(id)));
    assert_eq!(
        (&created["name"], &created["expires_at"], &created["used_at"]),
        (&json!("script"), &Value::Null, &Value::Null)
    );
    let mut shown = listed(&owner);
    assert!(shown[0].get("personal_token").is_none());
    let mut expected = created.clone();
    expected.as_object_mut().expect("an object").remove("personal_token");
    assert_eq!(shown.pop(), Some(expected));

    let personal = world.basic(&owner_id, &secret(&created));
    assert_eq!(personal.get("/v2/accounts/me").json()["account_id"], json!(owner_id));
    let body = secret(&created).split_once(':').expect("a region").1.to_owned();
    let stored: i64 = world.database.value(&format!(
        "SELECT (SELECT count(*) FROM personal_token WHERE instr(token_digest || name || scopes, '{body}'))
              + (SELECT count(*) FROM audit_detail WHERE instr(detail, '{body}')) + (SELECT count(*) FROM outbox WHERE instr(parameters, '{body}'))"
    ));
    assert_eq!(stored, 0, "l4");
}

#[test]
fn creation_is_told_by_mail_and_in_the_audit_log() {
    let Office { world, owner, owner_id, .. } = office();
    let created = create(&owner, "accounts--my:ro");
    let mail: (String, String, String, String) = world
        .database
        .raw()
        .query_row("SELECT template, recipient_kind, recipient_id, parameters FROM outbox", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })
        .expect("one mail");
    assert_eq!((mail.0.as_str(), mail.1.as_str(), mail.2), ("personal_token_created", "account", owner_id));
    assert_eq!(mail.3, json!({"personal_token_id": created["personal_token_id"]}).to_string());
    let log = owner.get("/v2/audit_log?action=personal_token.create").json();
    assert_eq!(log[0]["target"]["id"], created["personal_token_id"]);
    assert_eq!(log[0]["facts"], json!({"scopes": ["accounts--my:ro"]}));
    assert_eq!(log[0]["detail"]["after"], json!({"name": "script"}));
}

#[test]
fn z4_z14_no_scope_beyond_what_the_caller_has_now() {
    let Office { world, owner, owner_id, id } = office();
    let member = world.member_of(&id, "member@example.com", MEMBER);
    let theirs = world.bearer(&world.full_token_for(&member, &id));
    let refused =
        theirs.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro,accounts--all:rw,organization--my:rw"}));
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["sub_error"], "insufficient_scope");
    assert!(refused.header("www-authenticate").contains("scope=\"accounts--all:rw organization--my:rw\""));
    create(&theirs, "accounts--all:rc,accounts--my:ro");

    let narrow = world.bearer(&world.token_for(&owner_id, &id, &["accounts--my:rw"]));
    assert_eq!(narrow.post(PATH, &json!({"name": "x", "scope": "accounts--all:ro"})).status, StatusCode::FORBIDDEN);
    create(&narrow, "accounts--my:ro");
    let product_scope = owner.post(PATH, &json!({"name": "x", "scope": "chats--all:ro"}));
    assert_eq!(product_scope.status, StatusCode::FORBIDDEN, "LiveChat is not enabled");
    assert_eq!((world.rows("personal_token"), world.rows("outbox")), (2, 2));
}

#[test]
fn unknown_and_private_scopes_are_named() {
    let Office { world, owner, .. } = office();
    let answer = owner.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro,nothing:rw,sessions--all:rw"}));
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["invalid_fields"], json!({"scope": "unknown scope: nothing:rw, sessions--all:rw"}));
    assert_eq!(world.rows("personal_token"), 0);
}

#[test]
fn every_bad_field_is_named_at_once_and_none_is_applied() {
    let Office { world, owner, owner_id, .. } = office();
    let bad = [
        (json!({}), vec!["name", "scope"]),
        (json!({"name": " ", "scope": ",", "expires_in": 0}), vec!["expires_in", "name", "scope"]),
        (json!({"name": "x".repeat(192), "scope": "a'b", "expires_in": 1.5}), vec!["expires_in", "name", "scope"]),
        (json!({"name": 1, "scope": ["accounts--my:ro"], "expires_in": "60"}), vec!["expires_in", "name", "scope"]),
        (json!({"name": "x", "scope": "accounts--my:ro", "expires_in": -1}), vec!["expires_in"]),
        (json!({"name": "x", "scope": "accounts--my:ro", "expires_in": 1e300}), vec!["expires_in"]),
    ];
    for (body, fields) in bad {
        let answer = owner.post(PATH, &body);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{body}");
        let named: Vec<String> = answer.json()["invalid_fields"].as_object().expect("fields").keys().cloned().collect();
        assert_eq!(named, fields, "{body}");
    }
    let (_, other) = world.sign_up("other@example.com");
    let foreign = other["account_id"].clone();
    let body = json!({"name": "x", "scope": "accounts--my:ro", "account_id": foreign, "organization_id": foreign,
                      "personal_token": "mine", "personal_token_id": foreign, "created_at": "2000-01-01T00:00:00.000Z"});
    let created = owner.post(PATH, &body).json();
    assert_eq!(created["account_id"], json!(owner_id), "z3");
    assert_ne!(created["personal_token_id"], foreign);
    assert_ne!(created["personal_token"], "mine");
}

#[test]
fn a_token_expires_when_it_was_asked_to() {
    let Office { world, owner, owner_id, .. } = office();
    let answer = owner.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro", "expires_in": 60}));
    assert_eq!(answer.json()["expires_at"], "2023-11-14T22:14:20.000Z");
    let personal = world.basic(&owner_id, &secret(&answer.json()));
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
    world.clock.advance(Duration::from_mins(1));
    let late = personal.get("/v2/accounts/me");
    assert_eq!((late.status, late.calls.database), (StatusCode::UNAUTHORIZED, 0), "f2");
    assert!(listed(&owner).is_empty(), "what is dead is not listed");
}

#[test]
fn strict_bounds_every_life() {
    let Office { owner, .. } = strict_office();
    let year = 365 * 24 * 3_600;
    let ask = |expires_in: Value| {
        owner.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro", "expires_in": expires_in}))
    };
    assert_eq!(
        ask(json!(year + 1)).json()["invalid_fields"],
        json!({"expires_in": "must be at most 31536000 seconds"})
    );
    assert_eq!(ask(json!(year)).json()["expires_at"], "2024-11-13T22:13:20.000Z");
    assert_eq!(ask(Value::Null).json()["expires_at"], "2024-11-13T22:13:20.000Z");
}

#[test]
fn the_last_use_is_shown_and_written_at_most_once_an_hour() {
    let Office { world, owner, owner_id, .. } = office();
    let personal = world.basic(&owner_id, &secret(&create(&owner, "accounts--my:ro")));
    let used_at = || listed(&owner)[0]["used_at"].clone();
    assert_eq!(personal.get("/v2/accounts/me").calls.database, 1);
    assert_eq!(used_at(), "2023-11-14T22:13:20.000Z");
    world.clock.advance(Duration::from_secs(3_599));
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(used_at(), "2023-11-14T22:13:20.000Z", "no write");
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(used_at(), "2023-11-14T23:13:20.000Z");
}

#[test]
fn z14_basic_names_the_tokens_owner_and_a_personal_token_makes_no_other() {
    let Office { world, owner, owner_id, id } = office();
    let other = world.member_of(&id, "other@example.com", ADMINISTRATOR);
    let created = create(&owner, "accounts--my:rw,accounts--all:rw,organization--my:rw");
    let stolen = world.basic(&other, &secret(&created));
    assert_eq!(stolen.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    let personal = world.basic(&owner_id, &secret(&created));
    let refused = personal.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro"}));
    assert_eq!((refused.status, refused.calls.database), (StatusCode::FORBIDDEN, 0));
    let client = personal.post("/v2/clients", &json!({"name": "x", "type": "javascript_app"}));
    assert_eq!(client.status, StatusCode::FORBIDDEN);
    let application = world.bearer(&world.application_token_for(&owner_id, &id));
    for answer in [application.get(PATH), application.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro"}))] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "own credentials only");
    }
    assert_eq!((world.rows("personal_token"), listed(&personal).len()), (1, 1));
}

#[test]
fn z1_a_member_sees_and_ends_only_their_own_in_this_organization() {
    let Office { world, owner, owner_id, id } = office();
    let administrator = world.member_of(&id, "admin@example.com", ADMINISTRATOR);
    let colleague = world.bearer(&world.full_token_for(&administrator, &id));
    let theirs = create(&colleague, "accounts--my:ro");
    let (_, second) = world.sign_up("host@example.com");
    let second = second["organization"]["organization_id"].as_str().expect("an id").to_owned();
    world.join(&owner_id, &second, MEMBER);
    let elsewhere = world.bearer(&world.full_token_for(&owner_id, &second));
    let away = create(&elsewhere, "accounts--my:ro");
    let mine = create(&owner, "accounts--my:ro");
    assert_eq!(
        listed(&owner).iter().map(|t| t["personal_token_id"].clone()).collect::<Vec<_>>(),
        [mine["personal_token_id"].clone()]
    );

    let absent = json!("00000000-0000-7000-8000-000000000000");
    for id in [&theirs["personal_token_id"], &away["personal_token_id"], &absent] {
        let id = id.as_str().expect("an id");
        let answer = owner.delete(&format!("{PATH}/{id}"));
        assert_eq!((answer.status, answer.json()["resource_id"].as_str()), (StatusCode::NOT_FOUND, Some(id)));
    }
    assert_eq!(owner.delete(&format!("{PATH}/x")).status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(world.rows("personal_token"), 3);
    assert_eq!(world.rows("audit_log WHERE action = 'personal_token.delete'"), 0);

    let path = format!("{PATH}/{}", mine["personal_token_id"].as_str().expect("an id"));
    let deleted = owner.delete(&path);
    assert_eq!((deleted.status, deleted.text.as_str(), deleted.calls.database), (StatusCode::OK, "{}", 1));
    assert_eq!(owner.delete(&path).status, StatusCode::NOT_FOUND);
    assert_eq!(world.basic(&owner_id, &secret(&mine)).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    let log = owner.get("/v2/audit_log?action=personal_token.delete").json();
    assert_eq!(log[0]["detail"]["before"], json!({"name": "script", "scopes": ["accounts--my:ro"]}));
}

#[test]
fn a_personal_token_may_end_itself() {
    let Office { world, owner, owner_id, .. } = office();
    let created = create(&owner, "accounts--my:rw");
    let personal = world.basic(&owner_id, &secret(&created));
    let path = format!("{PATH}/{}", created["personal_token_id"].as_str().expect("an id"));
    assert_eq!(personal.delete(&path).status, StatusCode::OK);
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.rows("audit_log WHERE action = 'personal_token.delete'"), 1);
}

#[test]
fn s4_z14_it_dies_with_membership_suspension_and_reset_and_narrows_with_roles() {
    let events = [
        ("removal", "DELETE FROM membership WHERE account_id = '{}'"),
        ("suspension", "UPDATE membership SET suspended = 1 WHERE account_id = '{}'"),
        ("epoch of the membership", "UPDATE membership SET token_epoch = token_epoch + 1 WHERE account_id = '{}'"),
        ("reset", "UPDATE account SET personal_token_epoch = personal_token_epoch + 1 WHERE account_id = '{}'"),
        ("deletion", "DELETE FROM account WHERE account_id = '{}'"),
    ];
    for (event, sql) in events {
        let Office { world, id, .. } = office();
        let member = world.member_of(&id, "member@example.com", MEMBER);
        let theirs = world.bearer(&world.full_token_for(&member, &id));
        let personal = world.basic(&member, &secret(&create(&theirs, "accounts--my:ro")));
        assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
        world.database.execute(&sql.replace("{}", &member));
        assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "{event}");
    }

    let Office { world, id, .. } = office();
    let administrator = world.member_of(&id, "admin@example.com", ADMINISTRATOR);
    let theirs = world.bearer(&world.full_token_for(&administrator, &id));
    let personal = world.basic(&administrator, &secret(&create(&theirs, "accounts--all:rw,organization--my:rw")));
    assert_eq!(personal.get("/v2/clients").status, StatusCode::OK);
    world.database.execute(&format!("DELETE FROM membership_role WHERE account_id = '{administrator}'"));
    assert_eq!(personal.get("/v2/clients").status, StatusCode::FORBIDDEN, "z6");
    assert_eq!(personal.get("/v2/accounts").status, StatusCode::FORBIDDEN);
}

#[test]
fn r14_the_cap_is_never_exceeded() {
    let Office { world, owner, owner_id, id } = office_in(World::with(&[("MAX_PERSONAL_TOKENS", "5")]));
    let statuses = at_once(20, || owner.post(PATH, &json!({"name": "x", "scope": "accounts--my:ro"})).status);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CREATED).count(), 5);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CONFLICT).count(), 15);
    assert_eq!((world.rows("personal_token"), world.rows("outbox")), (5, 5));
    let member = world.member_of(&id, "member@example.com", MEMBER);
    create(&world.bearer(&world.full_token_for(&member, &id)), "accounts--my:ro");
    world.database.execute(&format!("UPDATE personal_token SET expires_at = 1 WHERE account_id = '{owner_id}'"));
    create(&owner, "accounts--my:ro");
}

#[test]
fn a_list_has_pages() {
    let Office { owner, .. } = office();
    let made: Vec<Value> = (0..3).map(|_| create(&owner, "accounts--my:ro")["personal_token_id"].clone()).collect();
    let first = owner.get("/v2/personal_token?limit=2");
    assert_eq!(first.json().as_array().map(Vec::len), Some(2));
    let next =
        first.header("link").split_once('<').and_then(|(_, rest)| rest.split_once('>')).expect("a link").0.to_owned();
    assert_eq!(owner.get(&next).json()[0]["personal_token_id"], made[2]);
}
