//! `POST /v2/accounts/{account_id}/password/reset`

use global_accounts::domain::password::Password;
use global_accounts::domain::password::hash::Verdict;
use http::StatusCode;
use serde_json::json;

use crate::support::cast::{ADMINISTRATOR, Cast, MEMBER, Person};
use crate::support::client::{Answer, Client, World};

const NEW: &str = "New-Pa55-phrase";

fn set(client: &Client, account: &str) -> Answer {
    client.post(&format!("/v2/accounts/{account}/password/reset"), &json!({"password": NEW}))
}

/// Whether the new password is the account's.
fn is_set(cast: &Cast, person: &Person) -> bool {
    let sql = format!("SELECT coalesce(max(phc), '') FROM password WHERE account_id = '{}'", person.id);
    let phc: String = cast.world.database.value(&sql);
    let verdict = |phc: &str| cast.world.app().hasher().verify(&Password::given(NEW), phc).expect("a PHC string");
    !phc.is_empty() && verdict(&phc) == Verdict::Right { outdated: false }
}

fn outbox(cast: &Cast) -> String {
    cast.world.database.value(
        "SELECT coalesce(group_concat(template || ' ' || recipient_kind || ' ' || recipient_id), '') FROM outbox",
    )
}

#[test]
fn p10_s4_r8_ones_own_password_ends_every_session_and_token_but_personal_ones() {
    let cast = Cast::default();
    let me = &cast.member;
    let second = cast.person(&me.id);
    let personal = cast.world.personal(&me.id, &cast.organization, &["accounts--my:ro"]);
    let answer = set(&me.client, "me");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(answer.json()["account_id"], me.id.as_str());
    assert!(!answer.text.contains(NEW) && !answer.text.contains("argon2"), "{}", answer.text);
    assert!(is_set(&cast, me));
    for client in [&me.client, &second.client] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
    let open = format!("SELECT count(*) FROM session WHERE account_id = '{}' AND ended_at IS NULL", me.id);
    assert_eq!(cast.world.database.value::<i64>(&open), 0);
    assert_eq!(cast.administrator.client.get("/v2/accounts/me").status, StatusCode::OK, "nobody else's");
    assert_eq!(outbox(&cast), format!("password_changed account {}", me.id));
    assert_eq!(cast.audited("account.set_password"), 1);
    let dump: String = cast
        .world
        .database
        .value("SELECT group_concat(detail || facts) FROM audit_log JOIN audit_detail USING (audit_id)");
    assert!(!dump.contains(NEW) && !dump.contains("argon2"));
}

#[test]
fn one_may_name_oneself_by_id_and_set_a_password_in_several_organizations() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    share(&cast, &cast.member, &other);
    assert_eq!(set(&cast.member.client, &cast.member.id).status, StatusCode::OK);
    assert!(is_set(&cast, &cast.member));
}

fn share(cast: &Cast, person: &Person, other: &Cast) {
    cast.world.database.execute(&format!(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{}', '{}', 0, 0)",
        other.organization, person.id
    ));
}

/// Refused in one round trip, and nothing happened.
fn refused(cast: &Cast, client: &Client, person: &Person, status: StatusCode) -> Answer {
    let answer = set(client, &person.id);
    assert_eq!((answer.status, answer.calls.database), (status, 1), "{}", answer.text);
    assert!(!is_set(cast, person));
    assert_eq!((outbox(cast).as_str(), cast.audited("account.set_password")), ("", 0));
    assert_eq!(person.client.get("/v2/accounts/me").status, StatusCode::OK);
    answer
}

#[test]
fn p11_an_administrator_sets_it_for_an_account_of_no_higher_rank() {
    let cast = Cast::default();
    refused(&cast, &cast.member.client, &cast.administrator, StatusCode::FORBIDDEN);
    refused(&cast, &cast.member.client, &cast.hire("ann@example.com", &[]), StatusCode::FORBIDDEN);
    refused(&cast, &cast.administrator.client, &cast.owner, StatusCode::FORBIDDEN);
    let other = cast.hire("other.administrator@example.com", &[ADMINISTRATOR]);
    for (client, person) in [
        (&cast.administrator.client, &cast.member),
        (&cast.administrator.client, &other),
        (&cast.owner.client, &cast.administrator),
    ] {
        let answer = set(client, &person.id);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert!(is_set(&cast, person));
        assert_eq!(person.client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(cast.owner.client.get("/v2/accounts/me").status, StatusCode::OK);
    let answer = set(&cast.owner.client, "me");
    assert_eq!((answer.status, is_set(&cast, &cast.owner)), (StatusCode::OK, true), "the owner their own");
}

#[test]
fn r8_what_changes_while_the_password_is_hashed_counts() {
    let cast = Cast::default();
    let (member, administrator) = (&cast.member.id, &cast.administrator.id);
    let demotion = format!(
        "DELETE FROM membership_role WHERE account_id = '{administrator}';
         INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
         VALUES ('{}', '{administrator}', '{MEMBER}', 'Accounts', 'primary', 0)",
        cast.organization
    );
    let join = format!(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{}', '{member}', 0, 0)",
        Cast::of(cast.world.clone(), "other@example.com").organization
    );
    for (sql, status) in [(join, StatusCode::CONFLICT), (demotion, StatusCode::FORBIDDEN)] {
        cast.world.database.meanwhile(1, &sql);
        let answer = set(&cast.administrator.client, member);
        assert_eq!((answer.status, answer.calls.database), (status, 2), "{}", answer.text);
        assert!(!is_set(&cast, &cast.member));
        cast.world.database.execute(&format!(
            "DELETE FROM membership WHERE account_id = '{member}' AND organization_id <> '{}'",
            cast.organization
        ));
    }
}

#[test]
fn s4_refresh_tokens_and_codes_die_with_the_old_password() {
    let world = World::default();
    let signed_in = world.signed_in(None, &["accounts--my:rw"]);
    let epoch = || -> i64 { world.database.value("SELECT token_epoch FROM account") };
    let before = epoch();
    assert_eq!(set(&signed_in.owner, "me").status, StatusCode::OK);
    assert_eq!(epoch(), before + 1, "codes and refresh families of an older epoch are refused");
    assert_eq!(signed_in.refresh(&signed_in.refresh_token).status, StatusCode::UNAUTHORIZED);
}

#[test]
fn p11_an_account_of_several_organizations_is_409_for_others() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    share(&cast, &cast.member, &other);
    let answer = refused(&cast, &cast.administrator.client, &cast.member, StatusCode::CONFLICT);
    assert_eq!(answer.json()["resource_name"], "account");
}

#[test]
fn z1_an_account_of_another_organization_is_absent() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    refused(&cast, &cast.owner.client, &other.member, StatusCode::NOT_FOUND);
    assert_eq!(set(&cast.owner.client, "x").status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn z5_the_scope_and_own_credentials_are_needed() {
    let cast = Cast::default();
    let narrow = cast.with_scopes(&cast.member, &["accounts--all:rw", "accounts--my:rw"]);
    refused(&cast, &narrow, &cast.member, StatusCode::FORBIDDEN);
    let application = cast.world.bearer(&cast.world.application_token_for(&cast.member.id, &cast.organization));
    refused(&cast, &application, &cast.member, StatusCode::FORBIDDEN);
    assert_eq!(set(&cast.world.anonymous(), "me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn p1_p4_what_may_not_be_a_password_costs_no_storage_call() {
    let cast = Cast::default();
    let strict = Cast { world: cast.world.reconfigured(&[("PROFILE", "strict")]), ..cast.clone() };
    let strict_me = strict.person(&cast.member.id);
    for (client, password, problem) in [
        (&cast.member.client, json!("seven77"), "value too short"),
        (&cast.member.client, json!("password123"), "password is too common"),
        (&cast.member.client, json!("x".repeat(256)), "value too long"),
        (&cast.member.client, json!(12_345_678), "must be a string"),
        (&cast.member.client, json!(null), "is required"),
        (&strict_me.client, json!("BG0SaleEBL"), "value too short"),
    ] {
        let answer = client.post("/v2/accounts/me/password/reset", &json!({"password": password}));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{}", answer.text);
        assert_eq!(answer.json()["invalid_fields"], json!({"password": problem}));
    }
}

#[test]
fn e6_an_unused_reset_link_dies_with_the_old_password() {
    let cast = Cast::default();
    cast.world.database.execute(&format!(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, created_at, expires_at)
         VALUES ('m', 'd', 'reset', 'x', '{}', 0, 9000000000000)",
        cast.member.id
    ));
    assert_eq!(set(&cast.member.client, "me").status, StatusCode::OK);
    assert_eq!(cast.world.database.value::<i64>("SELECT count(*) FROM mail_token"), 0);
}

#[test]
fn e4_too_many_are_refused_before_hashing() {
    let cast = Cast::of(World::with(&[("PASSWORDS_PER_HOUR", "1")]), "owner@example.com");
    assert_eq!(set(&cast.administrator.client, &cast.member.id).status, StatusCode::OK);
    let answer = set(&cast.administrator.client, &cast.administrator.id);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1), "{}", answer.text);
    assert!(!is_set(&cast, &cast.administrator));
    cast.world.clock.advance(std::time::Duration::from_hours(1));
    assert_eq!(set(&cast.administrator.client, &cast.administrator.id).status, StatusCode::OK);
}
