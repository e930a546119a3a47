//! `/v2/organizations`.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::client::World;
use crate::support::office::{Office, office, office_in};
use crate::support::plant::{ADMINISTRATOR, MEMBER};

const UNKNOWN: &str = "00000000-0000-7000-8000-000000000000";

fn scopes_of(world: &World, token: &str) -> Vec<String> {
    let info = world.bearer(token).get("/v2/info").json();
    info["scope"].as_str().expect("scopes").split(',').map(str::to_owned).collect()
}

#[test]
fn a_member_reads_every_organization_of_the_account_and_no_other() {
    let Office { world, owner, owner_id, id } = office();
    let (_, foreign) = world.sign_up("stranger@example.com");
    let foreign = foreign["organization"]["organization_id"].as_str().expect("an id").to_owned();
    world.clock.advance(Duration::from_millis(1));
    let (_, second) = world.sign_up("host@example.com");
    let second = second["organization"]["organization_id"].as_str().expect("an id").to_owned();
    world.join(&owner_id, &second, MEMBER);

    let list = owner.get("/v2/organizations");
    assert_eq!((list.status, list.calls.database), (StatusCode::OK, 1));
    let ids: Vec<Value> =
        list.json().as_array().expect("an array").iter().map(|o| o["organization_id"].clone()).collect();
    assert_eq!(ids, [json!(id), json!(second)]);

    for path in ["me", "my", id.as_str(), second.as_str()] {
        let answer = owner.get(&format!("/v2/organizations/{path}"));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{path}");
    }
    assert_eq!(owner.get("/v2/organizations/my").json(), list.json()[0]);
    assert_eq!(list.json()[0]["company"], json!({"phone": "+48 123 456 789", "website": "example.com"}));

    let absent = owner.get(&format!("/v2/organizations/{UNKNOWN}"));
    let other = owner.get(&format!("/v2/organizations/{foreign}"));
    for (answer, id) in [(&absent, UNKNOWN), (&other, foreign.as_str())] {
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "z1");
        assert_eq!(
            (answer.json()["resource_name"].as_str(), answer.json()["resource_id"].as_str()),
            (Some("organization"), Some(id))
        );
    }
    let malformed = owner.get("/v2/organizations/not-an-id");
    assert_eq!((malformed.status, malformed.calls.database), (StatusCode::NOT_FOUND, 0));
}

#[test]
fn a_list_of_organizations_has_pages() {
    let Office { owner, .. } = office();
    for _ in 0..2 {
        assert_eq!(owner.post("/v2/organizations", &json!({})).status, StatusCode::OK);
    }
    let all = owner.get("/v2/organizations").json();
    let mut path = "/v2/organizations?limit=2".to_owned();
    let mut found = Vec::new();
    loop {
        let page = owner.get(&path);
        found.extend(page.json().as_array().expect("an array").clone());
        match page.header("link").strip_prefix('<').and_then(|link| link.split_once('>')) {
            Some((next, _)) => next.clone_into(&mut path),
            None => break,
        }
    }
    assert_eq!((found.len(), Value::from(found)), (3, all));
}

#[test]
fn the_owner_changes_what_is_written_and_nothing_else() {
    let Office { world, owner, owner_id, id } = office();
    let answer = owner.patch(
        "/v2/organizations/my",
        &json!({"name": "Bcme", "company": {"phone": null}, "organization_id": UNKNOWN, "created_at": "2000-01-01T00:00:00.000Z",
                "mfa_required_at": 1, "invitation_mode": "strict"}),
    );
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let expected = json!({"organization_id": id, "name": "Bcme", "company": {"phone": null, "website": "example.com"},
        "invitation_mode": "strict"});
    assert_eq!(answer.json(), expected);
    assert_eq!(owner.get(&format!("/v2/organizations/{id}")).json(), expected);
    let kept: (i64, String) = (
        world.database.value("SELECT count(*) FROM organization WHERE mfa_required_at IS NOT NULL"),
        world.database.value("SELECT invitation_mode FROM organization"),
    );
    assert_eq!(kept, (0, "strict".to_owned()), "z3");

    let log = owner.get("/v2/audit_log?action=organization.update").json();
    let entry = &log[0];
    assert_eq!((&entry["actor"]["account_id"], &entry["target"]["id"]), (&json!(owner_id), &json!(id)));
    assert_eq!(entry["facts"], json!({"fields": ["company.phone", "invitation_mode", "name"]}));
    assert_eq!(entry["detail"]["before"]["name"], "Acme");
    assert_eq!(entry["detail"]["before"]["invitation_mode"], "lax");
    assert_eq!(entry["detail"]["before"]["company"]["phone"], "+48 123 456 789");
    assert_eq!(entry["detail"]["after"], json!({"name": "Bcme", "company.phone": null, "invitation_mode": "strict"}));

    let nothing = owner.patch(&format!("/v2/organizations/{id}"), &json!({}));
    assert_eq!((nothing.status, nothing.json()), (StatusCode::OK, expected));
    assert_eq!(owner.get("/v2/audit_log?action=organization.update").json().as_array().map(Vec::len), Some(1));
}

#[test]
fn every_bad_field_is_named_at_once() {
    let Office { world, owner, .. } = office();
    let long = "x".repeat(128);
    let body = json!({"name": long, "company": {"phone": "1".repeat(21), "website": "javascript:alert(1)"}});
    let answer = owner.patch("/v2/organizations/my", &body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    let fields: Vec<String> = answer.json()["invalid_fields"].as_object().expect("fields").keys().cloned().collect();
    assert_eq!(fields, ["company.phone", "company.website", "name"]);
    let nested = world.anonymous().post("/v2/organizations", &json!({"email": "a@example.com", "organization": body}));
    assert!(nested.json()["invalid_fields"]["organization.company.phone"].is_string(), "{}", nested.text);
    assert_eq!(world.database.value::<String>("SELECT name FROM organization"), "Acme");
}

#[test]
fn z4_only_the_owner_changes_an_organization_and_only_the_tokens_own() {
    let Office { world, owner, owner_id, id } = office();
    let (_, other) = world.sign_up("host@example.com");
    let other = other["organization"]["organization_id"].as_str().expect("an id").to_owned();
    world.join(&owner_id, &other, ADMINISTRATOR);
    let administrator = world.member_of(&id, "admin@example.com", ADMINISTRATOR);
    let member = world.member_of(&id, "member@example.com", MEMBER);
    let change = json!({"name": "Taken"});
    for (who, account) in [("administrator", &administrator), ("member", &member)] {
        let client = world.bearer(&world.full_token_for(account, &id));
        assert_eq!(client.patch("/v2/organizations/my", &change).status, StatusCode::FORBIDDEN, "{who}");
    }
    let narrow = world.bearer(&world.token_for(&owner_id, &id, &["accounts--all:rw"]));
    let refused = narrow.patch("/v2/organizations/my", &change);
    assert_eq!(
        (refused.status, refused.json()["sub_error"].as_str()),
        (StatusCode::FORBIDDEN, Some("insufficient_scope"))
    );
    for path in [other.as_str(), UNKNOWN, "x"] {
        assert_eq!(owner.patch(&format!("/v2/organizations/{path}"), &change).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(world.anonymous().patch("/v2/organizations/my", &change).status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.database.value::<i64>("SELECT count(*) FROM organization WHERE name = 'Taken'"), 0);
}

#[test]
fn a_caller_begins_one_more_organization_in_one_round_trip() {
    let Office { world, owner, owner_id, id } = office();
    let before = world.rows("session");
    let answer = owner.post("/v2/organizations", &json!({"organization": {"name": "Second"}}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let created = answer.json();
    assert_eq!((&created["account_id"], &created["organization"]["name"]), (&json!(owner_id), &json!("Second")));
    assert_eq!(created["roles"][0]["role"], "owner");
    assert_ne!(created["organization"]["organization_id"], json!(id));
    assert_eq!(created["default_organization_id"], json!(id), "the first one stays the default");
    assert_eq!((world.rows("session"), world.rows("account")), (before, 1), "it keeps its session");
    let token = created["access_token"].as_str().expect("a token");
    let info = world.bearer(token).get("/v2/info").json();
    assert_eq!(info["organization_id"], created["organization"]["organization_id"]);
    assert_eq!(info["scope"], owner.get("/v2/info").json()["scope"]);
    assert_eq!(world.bearer(token).get("/v2/organizations").json().as_array().map(Vec::len), Some(2));
    let log = world.bearer(token).get("/v2/audit_log").json();
    assert_eq!(
        (log[0]["action"].as_str(), &log[0]["target"]["id"]),
        (Some("organization.create"), &created["organization"]["organization_id"])
    );
    world.database.execute("UPDATE session SET ended_at = 1");
    assert_eq!(world.bearer(token).get("/v2/organizations").status, StatusCode::UNAUTHORIZED, "s5: one sign-in");
}

#[test]
fn z4_the_new_token_has_no_scope_that_the_callers_lacks() {
    let Office { world, owner_id, id, .. } = office();
    let create = |token: &str| {
        let answer = world.bearer(token).post("/v2/organizations", &json!({}));
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        answer.json()
    };
    let narrow = create(&world.token_for(&owner_id, &id, &["accounts--my:ro", "accounts--all:ro"]));
    let token = narrow["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(scopes_of(&world, &token), ["accounts--all:ro", "accounts--my:ro"]);
    assert!(narrow.get("roles").is_none(), "it may not see roles");
    assert_eq!(world.bearer(&token).patch("/v2/organizations/my", &json!({"name": "x"})).status, StatusCode::FORBIDDEN);

    // What the roles no longer give is lacked, too: a member stays a member in what the token may do.
    let member = world.member_of(&id, "member@example.com", MEMBER);
    let theirs = world.full_token_for(&member, &id);
    let token = create(&theirs)["access_token"].as_str().expect("a token").to_owned();
    let now = scopes_of(&world, &token);
    assert!(now.contains(&"accounts--all:rc".to_owned()) && !now.contains(&"accounts--all:rw".to_owned()), "{now:?}");
    let held = scopes_of(&world, &theirs);
    assert!(now.iter().all(|scope| held.contains(scope)), "{now:?} within {held:?}");
    assert_eq!(world.bearer(&token).post("/v2/clients", &json!({})).status, StatusCode::UNPROCESSABLE_ENTITY);
    let client = json!({"name": "App", "type": "javascript_app"});
    assert_eq!(world.bearer(&token).post("/v2/clients", &client).status, StatusCode::FORBIDDEN);
}

#[test]
fn an_application_begins_an_organization_only_with_the_scope_and_stays_an_application() {
    let Office { world, owner_id, id, .. } = office();
    let member = world.member_of(&id, "member@example.com", MEMBER);
    let without = world.bearer(&world.application_token_for(&member, &id));
    let refused = without.post("/v2/organizations", &json!({}));
    assert_eq!(
        (refused.status, refused.json()["sub_error"].as_str()),
        (StatusCode::FORBIDDEN, Some("insufficient_scope"))
    );
    assert_eq!(world.rows("organization"), 1);

    world.database.execute("UPDATE client SET token_epoch = 3 WHERE product IS NULL");
    let with = world.bearer(&world.client_token_for(&owner_id, &id, "0123456789abcdef0123456789abcdef"));
    let created = with.post("/v2/organizations", &json!({}));
    assert_eq!(created.status, StatusCode::OK, "{}", created.text);
    let token = created.json()["access_token"].as_str().expect("a token").to_owned();
    let info = world.bearer(&token).get("/v2/info").json();
    assert_eq!(info["client_id"], "0123456789abcdef0123456789abcdef");
    assert_eq!(world.bearer(&token).get("/v2/organizations").status, StatusCode::OK);
    let pat = json!({"name": "x", "scope": "accounts--my:ro"});
    assert_eq!(
        world.bearer(&token).post("/v2/personal_token", &pat).status,
        StatusCode::FORBIDDEN,
        "own credentials only"
    );
    world.database.execute("UPDATE client SET token_epoch = token_epoch + 1");
    assert_eq!(
        world.bearer(&token).get("/v2/organizations").status,
        StatusCode::UNAUTHORIZED,
        "its epoch is the client's"
    );

    // A member's own credentials need no scope.
    let own = world.bearer(&world.token_for(&member, &id, &[]));
    assert_eq!(own.post("/v2/organizations", &json!({})).status, StatusCode::OK);
}

#[test]
fn z14_a_personal_token_does_not_become_more_than_it_is() {
    let Office { world, owner_id, id, .. } = office();
    let personal = world.personal(&owner_id, &id, &["accounts--my:rw", "sessions--my:rw", "organization--my:rw"]);
    let answer = personal.post("/v2/organizations", &json!({}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
    assert_eq!(scopes_of(&world, &token), ["accounts--my:rw", "organization--my:rw", "sessions--my:rw"]);
    let source: String = world.database.value("SELECT identity_source FROM session ORDER BY rowid DESC LIMIT 1");
    assert_eq!(source, "token");
    let (before, bearer) = (world.rows("personal_token"), world.bearer(&token));
    let pat = bearer.post("/v2/personal_token", &json!({"name": "x", "scope": "accounts--my:ro"}));
    assert_eq!((pat.status, world.rows("personal_token")), (StatusCode::FORBIDDEN, before), "{}", pat.text);
    let client = bearer.post("/v2/clients", &json!({"name": "App", "type": "javascript_app"}));
    assert_eq!((client.status, world.rows("client WHERE product IS NULL")), (StatusCode::FORBIDDEN, 0));
    let again = bearer.post("/v2/organizations", &json!({})).json();
    let next = world.bearer(again["access_token"].as_str().expect("a token"));
    assert_eq!(
        next.post("/v2/personal_token", &json!({"name": "x", "scope": "accounts--my:ro"})).status,
        StatusCode::FORBIDDEN
    );
}

#[test]
fn the_new_token_ends_no_later_than_the_callers() {
    let Office { world, owner, .. } = office();
    world.clock.advance(Duration::from_hours(7));
    let created = owner.post("/v2/organizations", &json!({})).json();
    let token = world.bearer(created["access_token"].as_str().expect("a token"));
    assert_eq!(token.get("/v2/info").json()["expires_in"], 3_600);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(token.get("/v2/organizations").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn z2_the_body_cannot_name_another_account() {
    let Office { world, owner, .. } = office();
    let body =
        json!({"email": "other@example.com", "password": "BG0SaleEBL", "organization": {"name": "x".repeat(128)}});
    let answer = owner.post("/v2/organizations", &body);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    let fields: Vec<String> = answer.json()["invalid_fields"].as_object().expect("fields").keys().cloned().collect();
    assert_eq!(fields, ["email", "organization.name", "password"]);
    let forged = world.bearer("dal:AAAA").post("/v2/organizations", &json!({"email": "new@example.com"}));
    assert_eq!((forged.status, forged.calls.database), (StatusCode::UNAUTHORIZED, 0), "never taken for anonymous");
    assert_eq!((world.rows("account"), world.rows("organization")), (1, 1));
}

#[test]
fn r14_an_account_owns_a_bounded_number_of_organizations() {
    let Office { world, owner, owner_id, .. } = office_in(World::with(&[("MAX_ORGANIZATIONS", "3")]));
    let (_, host) = world.sign_up("host@example.com");
    world.join(&owner_id, host["organization"]["organization_id"].as_str().expect("an id"), MEMBER);
    let statuses: Vec<StatusCode> = (0..4).map(|_| owner.post("/v2/organizations", &json!({})).status).collect();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::OK, StatusCode::CONFLICT, StatusCode::CONFLICT]);
    assert_eq!(world.rows("organization"), 4, "being a member elsewhere does not count");
}

#[test]
fn sign_up_makes_everything_or_nothing() {
    let world = World::default();
    let (_, created) = world.sign_up("first@example.com");
    let known =
        world.anonymous().post("/v2/organizations", &json!({"email": "First@example.com", "password": "BG0SaleEBL"}));
    assert_eq!((known.status, known.calls.database), (StatusCode::CONFLICT, 1), "refused before the hash");
    assert!(!known.text.contains(created["account_id"].as_str().expect("an id")));
    assert_eq!((world.rows("organization"), world.rows("session"), world.rows("outbox")), (1, 1, 0));
    assert_eq!(world.rows("audit_log"), 1);
}
