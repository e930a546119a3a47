//! `PUT /v2/accounts/{account_id}/suspension`, and the `properties` that tell of it.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, Person};
use crate::support::client::{Answer, Client};

const LIVECHAT: &str = "1887ed48fa338511da234a28cd8b750a";

fn set(client: &Client, who: &str, product: &str, suspended: bool) -> Answer {
    client.put(&format!("/v2/accounts/{who}/suspension"), &json!({"product": product, "suspended": suspended}))
}

fn done(client: &Client, who: &str, product: &str, suspended: bool) -> Value {
    let answer = set(client, who, product, suspended);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json()
}

/// Everything that a suspension changes, of everybody.
fn state(cast: &Cast) -> String {
    cast.world.database.value(
        "SELECT (SELECT group_concat(account_id || suspended || token_epoch, ' ') FROM membership)
           || (SELECT count(*) FROM product_suspension) || (SELECT count(*) FROM audit_log)",
    )
}

fn refused(cast: &Cast, client: &Client, who: &str, product: &str, status: StatusCode) -> Answer {
    let before = state(cast);
    let answer = set(client, who, product, true);
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(state(cast), before, "nothing happened");
    answer
}

fn properties(client: &Client, who: &Person) -> Value {
    client.get(&format!("/v2/accounts/{}", who.id)).json()["properties"].clone()
}

#[test]
fn z6_a_suspended_member_is_out_at_once_and_no_old_token_lives_again() {
    let cast = Cast::default();
    let personal = cast.world.personal(&cast.member.id, &cast.organization, &["accounts--my:ro"]);
    let sitting = "ffffffff-0000-7000-8000-000000000003";
    cast.world
        .database
        .raw()
        .execute_batch(&format!(
        "INSERT INTO session (session_id, account_id, account_epoch, cookie_digest, identity_source, authenticated_at,
           created_at, seen_at, idle_expires_at, expires_at)
         SELECT '{sitting}', account_id, token_epoch, 'cookie', 'credentials', 1, 1, 1, 1, 1 FROM account
         WHERE account_id = '{member}';
         INSERT INTO session_organization VALUES ('{sitting}', '{organization}', '{member}')",
        member = cast.member.id,
        organization = cast.organization,
    ))
        .expect("a browser's session");
    let live = || -> i64 {
        cast.world.database.value(&format!("SELECT count(*) FROM live_caller WHERE account_id = '{}'", cast.member.id))
    };
    assert_eq!(live(), 3, "token, personal token and page");

    let account = done(&cast.administrator.client, &cast.member.id, "Accounts", true);
    assert_eq!(account["properties"]["Accounts"], json!({"suspended": true}));
    assert_eq!(live(), 0);
    for client in [&cast.member.client, &personal] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    }
    let account = done(&cast.administrator.client, &cast.member.id, "Accounts", false);
    assert_eq!(account["properties"]["Accounts"], json!({"suspended": false}));
    assert_eq!(live(), 0, "nothing revives");
    assert_eq!(
        cast.person(&cast.member.id).client.get("/v2/accounts/me").status,
        StatusCode::OK,
        "a new token is good"
    );
}

#[test]
fn a_suspension_ends_at_the_organization() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    cast.world.join(&cast.member.id, &other.organization, ADMINISTRATOR);
    let elsewhere = other.person(&cast.member.id);
    done(&cast.owner.client, &cast.member.id, "Accounts", true);
    assert_eq!(elsewhere.client.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(properties(&elsewhere.client, &cast.member)["Accounts"], json!({"suspended": false}));
}

#[test]
fn repeated_it_changes_nothing_and_leaves_no_trace() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    for product in ["Accounts", "LiveChat"] {
        for suspended in [true, false] {
            cast.world.clock.advance(Duration::from_millis(1));
            let once = done(&cast.owner.client, &cast.member.id, product, suspended);
            let after = state(&cast);
            assert_eq!(done(&cast.owner.client, &cast.member.id, product, suspended), once);
            assert_eq!(state(&cast), after, "{product} {suspended}");
        }
    }
    assert_eq!((cast.audited("account.suspend"), cast.audited("account.unsuspend")), (2, 2));
    let log = cast.owner.client.get("/v2/audit_log?action=account.suspend").json();
    assert_eq!((&log[0]["facts"], &log[0]["target"]["id"]), (&json!({"product": "LiveChat"}), &json!(cast.member.id)));
}

#[test]
fn a_product_s_suspension_takes_its_scopes_and_its_client_s_tokens_alone() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    let agent = cast.hire("agent@example.com", &[&cast.role("LiveChat", "administrator")]);
    let of_product = cast.world.bearer(&cast.world.client_token_for(&agent.id, &cast.organization, LIVECHAT));
    let roles = |to: &str| {
        let changes = json!({"set_roles": [{"product": "LiveChat", "role": to}]});
        agent.client.put(&format!("/v2/accounts/{}/roles", cast.member.id), &changes).status
    };
    assert_eq!((roles("normal"), of_product.get("/v2/accounts/me").status), (StatusCode::OK, StatusCode::OK));

    let account = done(&cast.administrator.client, &agent.id, "LiveChat", true);
    let expected = json!({"active": false, "mfa": false, "Accounts": {"suspended": false},
        "LiveChat": {"suspended": true, "role": "administrator"}});
    assert_eq!(account["properties"], expected);
    assert_eq!(roles("administrator"), StatusCode::FORBIDDEN, "the role's scopes do not count");
    assert_eq!(of_product.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(agent.client.get("/v2/accounts/me").status, StatusCode::OK, "still a member");
    done(&cast.administrator.client, &agent.id, "LiveChat", false);
    assert_eq!(roles("administrator"), StatusCode::OK);
    assert_eq!(of_product.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "nothing revives");
}

#[test]
fn z4_nobody_suspends_themselves_the_owner_or_who_ranks_above() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    for product in ["Accounts", "LiveChat"] {
        for own in ["me", &cast.administrator.id] {
            refused(&cast, &cast.administrator.client, own, product, StatusCode::FORBIDDEN);
        }
        for client in [&cast.administrator.client, &cast.owner.client] {
            refused(&cast, client, &cast.owner.id, product, StatusCode::FORBIDDEN);
        }
        let editor = cast.hire(&format!("{product}@example.com"), &[BILLING_EDITOR]);
        for client in [&cast.member.client, &editor.client] {
            refused(&cast, client, &cast.administrator.id, product, StatusCode::FORBIDDEN);
        }
    }
    let narrow = cast.with_scopes(&cast.owner, &["accounts--all:rc", "accounts.roles--all:rw"]);
    refused(&cast, &narrow, &cast.member.id, "Accounts", StatusCode::FORBIDDEN);
    let peer = cast.hire("peer@example.com", &[ADMINISTRATOR]);
    done(&cast.administrator.client, &peer.id, "Accounts", true);
}

#[test]
fn z1_an_account_of_another_organization_is_absent() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    refused(&cast, &cast.owner.client, &other.member.id, "Accounts", StatusCode::NOT_FOUND);
    refused(&cast, &cast.owner.client, "00000000-0000-7000-8000-000000000000", "Accounts", StatusCode::NOT_FOUND);
    refused(&cast, &cast.owner.client, "x", "Accounts", StatusCode::UNPROCESSABLE_ENTITY);
}

#[test]
fn only_what_the_organization_has_and_only_a_whole_answer() {
    let cast = Cast::default();
    for product in ["LiveChat", "Nothing", ""] {
        refused(&cast, &cast.owner.client, &cast.member.id, product, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let before = state(&cast);
    for (body, invalid) in [
        (json!({}), json!({"product": "is required", "suspended": "is required"})),
        (json!({"product": "Accounts", "suspended": null}), json!({"suspended": "is required"})),
        (json!({"product": "Accounts", "suspended": 1}), json!({"suspended": "must be true or false"})),
    ] {
        let answer = cast.owner.client.put(&format!("/v2/accounts/{}/suspension", cast.member.id), &body);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0));
        assert_eq!(answer.json()["invalid_fields"], invalid);
    }
    assert_eq!(state(&cast), before);
}

#[test]
fn z5_properties_need_their_scope_and_the_legacy_role_that_of_roles_too() {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast.enable("HelpDesk");
    let agent = cast.hire("agent@example.com", &[&cast.role("LiveChat", "normal")]);
    let seen = |scopes: &[&str]| properties(&cast.with_scopes(&cast.owner, scopes), &agent);
    let without = json!({"active": false, "mfa": false, "Accounts": {"suspended": false},
        "HelpDesk": {"suspended": false}, "LiveChat": {"suspended": false}});
    assert_eq!(seen(&["accounts--all:ro"]), without);
    let mut with = without;
    with["LiveChat"]["role"] = "normal".into();
    assert_eq!(seen(&["accounts--all:ro", "accounts.roles--all:ro"]), with);
    let own = cast.with_scopes(&agent, &["accounts--my:ro", "accounts.roles--all:ro"]).get("/v2/accounts/me").json();
    assert_eq!((own.get("properties"), own["roles"].is_array()), (None, true));
    cast.world.database.execute("UPDATE membership SET active = 1");
    cast.world.database.execute("DELETE FROM organization_product WHERE product = 'LiveChat'");
    let expected =
        json!({"active": true, "mfa": false, "Accounts": {"suspended": false}, "HelpDesk": {"suspended": false}});
    assert_eq!(seen(&["accounts--all:ro", "accounts.roles--all:ro"]), expected);
}
