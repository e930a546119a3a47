//! `DELETE /v2/organizations/{organization_id}`

use std::time::Duration;

use axum::body::Body;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER};
use crate::support::client::{Answer, Client, World};

const PATH: &str = "/v2/organizations/my";
const PASSWORD: &str = "BG0SaleEBL";

fn end(client: &Client, path: &str, body: &Value) -> Answer {
    client.send(Method::DELETE, path, Body::from(body.to_string()))
}

fn ended(cast: &Cast, client: &Client) -> Answer {
    end(client, PATH, &json!({"organization_id": cast.organization}))
}

/// How many rows of each table speak of an organization or of an account that is gone.
fn leftovers(world: &World, organization: &str) -> Vec<String> {
    world
        .database
        .dump()
        .into_iter()
        .filter(|(table, ..)| !matches!(table.as_str(), "audit_log" | "audit_detail" | "outbox"))
        .filter(|(_, _, text)| text == organization)
        .map(|(table, column, _)| format!("{table}.{column}"))
        .collect()
}

fn count(world: &World, table: &str, organization: &str) -> i64 {
    world.rows(&format!("{table} WHERE organization_id = '{organization}'"))
}

/// Everything that a deletion would change.
fn state(world: &World) -> (i64, i64, i64, i64) {
    (world.rows("organization"), world.rows("account"), world.rows("outbox"), world.rows("audit_log"))
}

fn refused(cast: &Cast, before: (i64, i64, i64, i64), answer: &Answer, status: StatusCode) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(state(&cast.world), before, "nothing happened");
}

fn plant(cast: &Cast, sql: &str) {
    cast.world.database.raw().execute_batch(sql).expect("rows");
}

/// An organization that has one of everything.
fn furnished() -> (Cast, Cast) {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let created = |path: &str, body: &Value| {
        let answer = cast.owner.client.post(path, body);
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    };
    created("/v2/organizations/my/products", &json!({"product": "LiveChat"}));
    created("/v2/roles", &json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro"}));
    created(
        "/v2/clients",
        &json!({"name": "App", "type": "server_side_app", "redirect_uri": "https://a.example.com", "scopes": []}),
    );
    created("/v2/personal_token", &json!({"name": "script", "scope": "accounts--my:ro"}));
    let (own, foreign, member) = (&cast.organization, &other.organization, &cast.member.id);
    let suspended = json!({"product": "LiveChat", "suspended": true});
    assert!(cast.owner.client.put(&format!("/v2/accounts/{member}/suspension"), &suspended).status.is_success());
    plant(&cast, &format!(
        "INSERT INTO invitation (invitation_id, organization_id, kind, state, email, email_key, product, created_at,
           updated_at, expires_at)
         VALUES ('i', '{own}', 'invitation', 'approved', 'x@example.com', 'x@example.com', 'LiveChat', 0, 0, 0);
         INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, invitation_id, created_at, expires_at)
         VALUES ('m', 'd', 'invite', 'x@example.com', 'i', 0, 0);
         INSERT INTO organization_domain (domain_id, organization_id, domain, challenge, created_at)
         VALUES ('d', '{own}', 'example.com', 'c', 0);
         INSERT INTO member_avatar (organization_id, account_id, avatar_id, avatar_url, updated_at)
         VALUES ('{own}', '{member}', 'a', 'https://example.com/a.png', 0);
         INSERT INTO organization_merge (merge_id, organization_id, source_organization_id, keep, created_by, created_at,
           expires_at)
         VALUES ('in', '{own}', '{foreign}', '{{}}', '{member}', 0, 0),
                ('out', '{foreign}', '{own}', '{{}}', '{member}', 0, 0)"
    ));
    (cast, other)
}

#[test]
fn everything_of_it_goes_and_nothing_of_another() {
    let (cast, other) = furnished();
    let world = &cast.world;
    world.join(&cast.member.id, &other.organization, MEMBER);
    let client = other.owner.client.post(
        "/v2/clients",
        &json!({"name": "App", "type": "server_side_app", "redirect_uri": "https://b.example.com", "scopes": []}),
    );
    assert_eq!(client.status, StatusCode::CREATED);
    let abroad = other.person(&cast.member.id);
    let personal = world.personal(&cast.owner.id, &cast.organization, &["accounts--my:ro"]);
    let browser = world.browser_of(&cast.administrator.id, &cast.organization);
    let answer = ended(&cast, &cast.owner.client);
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));

    for client in [&cast.owner.client, &cast.administrator.client, &cast.member.client, &personal] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(browser.get("/account").status, StatusCode::SEE_OTHER, "pages too");
    assert_eq!(leftovers(world, &cast.organization), ["organization_merge.source_organization_id"]);
    let merge: String =
        world.database.value("SELECT group_concat(merge_id || state || closed_by) FROM organization_merge");
    assert_eq!(merge, format!("outwithdrawn{}", cast.owner.id));
    for gone in [&cast.owner.id, &cast.administrator.id] {
        assert_eq!(world.rows(&format!("account WHERE account_id = '{gone}'")), 0);
    }
    let orphans: i64 = world.rows("pragma_foreign_key_check");
    assert_eq!((orphans, world.rows("mail_token"), world.rows("session_organization")), (0, 0, 0));

    let me = abroad.client.get("/v2/accounts/me").json();
    assert_eq!(me["default_organization_id"], other.organization.as_str(), "who belongs elsewhere stays");
    assert_eq!(count(world, "membership", &other.organization), 4);
    assert_eq!(count(world, "client", &other.organization), 1);
    assert_eq!(other.owner.client.get("/v2/organizations/my").status, StatusCode::OK);
}

#[test]
fn who_stays_is_told_and_the_log_keeps_what_was() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    for person in [&cast.owner, &cast.member] {
        cast.world.join(&person.id, &other.organization, MEMBER);
    }
    cast.world.database.execute("DELETE FROM outbox");
    assert_eq!(ended(&cast, &cast.owner.client).status, StatusCode::OK);
    let mails: String = cast.world.database.value(
        "SELECT group_concat(recipient_kind || ' ' || recipient_id || ' ' || parameters, '\n')
         FROM (SELECT * FROM outbox WHERE template = 'organization_deleted' ORDER BY outbox_id)",
    );
    let told = json!({"organization_id": cast.organization, "organization_name": "Acme"});
    for person in [&cast.owner.id, &cast.member.id] {
        let head = format!("account {person} ");
        let parameters = mails.lines().find_map(|line| line.strip_prefix(head.as_str())).expect(&mails);
        assert_eq!(serde_json::from_str::<Value>(parameters).expect("JSON"), told);
    }
    assert_eq!((mails.lines().count(), cast.world.rows("outbox")), (2, 2));
    let ids: String = cast.world.database.value("SELECT group_concat(outbox_id) FROM outbox");
    assert!(ids.split(',').all(|id| id.parse::<global_accounts::domain::id::OutboxId>().is_ok()), "{ids}");

    let log: String = cast.world.database.value(
        "SELECT actor_kind || ' ' || actor_id || ' ' || target_id || ' ' || (detail ->> '$.before.name')
         FROM audit_log JOIN audit_detail USING (audit_id) WHERE action = 'organization.delete'",
    );
    assert_eq!(log, format!("account {} {} Acme", cast.owner.id, cast.organization));
    assert_eq!(cast.audited("organization.delete"), 1);
}

#[test]
fn the_id_is_repeated_or_nothing_happens() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let before = state(&cast.world);
    let (own, foreign) = (cast.organization.as_str(), other.organization.as_str());
    let wrong = json!({"organization_id": "must be the id of the organization"});
    for (body, calls, invalid) in [
        (json!({}), 0, json!({"organization_id": "is required"})),
        (json!({"organization_id": "my"}), 0, json!({"organization_id": "invalid uuid"})),
        (json!({"organization_id": foreign}), 1, wrong.clone()),
        (json!({"organization_id": foreign, "password": PASSWORD}), 1, wrong),
    ] {
        let answer = end(&cast.owner.client, PATH, &body);
        refused(&cast, before, &answer, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!((answer.json()["invalid_fields"].clone(), answer.calls.database), (invalid, calls), "{body}");
    }
    let without = cast.owner.client.delete(PATH);
    refused(&cast, before, &without, StatusCode::UNPROCESSABLE_ENTITY);
    let path = format!("/v2/organizations/{own}");
    assert_eq!(end(&cast.owner.client, &path, &json!({"organization_id": own})).status, StatusCode::OK);
}

#[test]
fn z1_z5_only_by_the_owner_s_own_credentials_and_in_the_token_s_organization() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    cast.world.join(&cast.owner.id, &other.organization, ADMINISTRATOR);
    let before = state(&cast.world);
    let application = cast.world.bearer(&cast.world.application_token_for(&cast.owner.id, &cast.organization));
    let narrow = cast.with_scopes(&cast.owner, &["accounts--all:rw"]);
    for client in [&application, &narrow, &cast.administrator.client, &cast.member.client] {
        refused(&cast, before, &ended(&cast, client), StatusCode::FORBIDDEN);
    }
    let foreign = format!("/v2/organizations/{}", other.organization);
    for path in [foreign.as_str(), "/v2/organizations/x"] {
        let answer = end(&cast.owner.client, path, &json!({"organization_id": other.organization}));
        refused(&cast, before, &answer, StatusCode::NOT_FOUND);
    }
}

#[test]
fn it_takes_a_fresh_sign_in_or_the_password() {
    let cast = Cast::default();
    cast.world.clock.advance(Duration::from_mins(10));
    let before = state(&cast.world);
    let personal = cast.world.personal(&cast.owner.id, &cast.organization, &["organization--my:rw"]);
    for client in [&cast.owner.client, &personal] {
        refused(&cast, before, &ended(&cast, client), StatusCode::FORBIDDEN);
    }
    let with =
        |password: &str| end(&personal, PATH, &json!({"organization_id": cast.organization, "password": password}));
    let answer = with("not the password");
    refused(&cast, before, &answer, StatusCode::FORBIDDEN);
    assert_eq!(answer.calls.database, 1);
    let answer = with(PASSWORD);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(leftovers(&cast.world, &cast.organization), Vec::<String>::new());
}

#[test]
fn r8_what_changes_between_the_two_round_trips_is_a_conflict() {
    let cast = Cast::default();
    let sql = "UPDATE password SET phc = phc || 'x'";
    cast.world.database.meanwhile(1, sql);
    let before = state(&cast.world);
    let answer = end(&cast.owner.client, PATH, &json!({"organization_id": cast.organization, "password": PASSWORD}));
    refused(&cast, before, &answer, StatusCode::CONFLICT);
    assert_eq!(answer.calls.database, 2);
}

/// Whoever comes first: in the end nothing of the organization is alive, and nobody is left without one.
#[test]
fn r12_a_deletion_and_a_new_member_or_token_leave_nothing_alive() {
    for round in 0..20 {
        let cast = Cast::default();
        let body = json!({"organization": {"name": "Second"}});
        let token = json!({"name": "script", "scope": "accounts--my:ro"});
        let (hired, given, answer) = std::thread::scope(|scope| {
            let hire = scope
                .spawn(|| cast.administrator.client.post("/v2/accounts", &json!({"email": "new@example.com"})).status);
            let give = scope.spawn(|| cast.administrator.client.post("/v2/personal_token", &token).status);
            let end = scope.spawn(|| ended(&cast, &cast.owner.client));
            let join = "an answer";
            (hire.join().expect(join), give.join().expect(join), end.join().expect(join))
        });
        assert_eq!(answer.status, StatusCode::OK, "{round}: {}", answer.text);
        for status in [hired, given] {
            assert!(matches!(status, StatusCode::CREATED | StatusCode::UNAUTHORIZED), "{round}: {status}");
        }
        let world = &cast.world;
        let counts = ["organization", "account", "membership", "access_token", "personal_token", "session"];
        assert_eq!(counts.map(|table| world.rows(table)), [0; 6], "{round}");
        assert_eq!(cast.owner.client.post("/v2/organizations", &body).status, StatusCode::UNAUTHORIZED);
    }
}

/// Two deletions at once: one finds nothing left to delete, not even its own token.
#[test]
fn r12_of_two_deletions_one_wins() {
    let cast = Cast::default();
    let statuses = std::thread::scope(|scope| {
        let tasks = [(); 2].map(|()| scope.spawn(|| ended(&cast, &cast.owner.client).status));
        tasks.map(|task| task.join().expect("an answer"))
    });
    assert!(statuses.contains(&StatusCode::OK) && statuses.contains(&StatusCode::UNAUTHORIZED), "{statuses:?}");
    assert_eq!(cast.world.count("audit_log WHERE action = 'organization.delete'"), 1);
}

#[test]
fn ten_thousand_members_go_in_one_batch_of_as_many_statements_as_one() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let (own, foreign) = (&cast.organization, &other.organization);
    plant(
        &cast,
        &format!(
            "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 10000)
         INSERT INTO account (account_id, email, email_key, default_organization_id, created_at, updated_at)
         SELECT 'm' || n, n || '@example.net', n || '@example.net', '{own}', 0, 0 FROM n;
         INSERT INTO membership (organization_id, account_id, created_at, updated_at)
         SELECT '{own}', account_id, 0, 0 FROM account WHERE account_id GLOB 'm*';
         INSERT INTO membership_role SELECT '{own}', account_id, '{MEMBER}', 'Accounts', 'primary', 0
         FROM account WHERE account_id GLOB 'm*';
         INSERT INTO membership (organization_id, account_id, created_at, updated_at)
         SELECT '{foreign}', account_id, 0, 0 FROM account WHERE account_id GLOB 'm*7';
         DELETE FROM outbox"
        ),
    );
    let before = cast.world.database.steps();
    let answer = ended(&cast, &cast.owner.client);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let steps = (cast.world.database.steps() - before) / 10_000;
    assert!(steps < 2_000, "{steps} steps of the engine for each member: the work grows with the members alone");
    let world = &cast.world;
    assert_eq!((world.rows("account WHERE account_id GLOB 'm*'"), world.rows("outbox")), (1_000, 1_000));
    let led = world.rows(&format!("account WHERE account_id GLOB 'm*' AND default_organization_id = '{foreign}'"));
    assert_eq!((led, leftovers(world, own)), (1_000, Vec::new()));
}
