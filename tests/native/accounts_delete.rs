//! `DELETE /v2/accounts/{account_id}`

use axum::body::Body;
use http::{Method, StatusCode};

use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, Cast, MEMBER, Person};

fn path(person: &Person) -> String {
    format!("/v2/accounts/{}", person.id)
}

fn count(cast: &Cast, table: &str, person: &Person) -> i64 {
    cast.world.database.value(&format!("SELECT count(*) FROM {table} WHERE account_id = '{}'", person.id))
}

#[test]
fn s4_z7_the_last_membership_removes_the_account_and_every_credential() {
    let cast = Cast::default();
    let personal = cast.world.personal(&cast.member.id, &cast.organization, &["accounts--my:ro"]);
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK);
    let answer = cast.administrator.client.delete(&path(&cast.member));
    assert_eq!((answer.status, answer.text.as_str(), answer.calls.database), (StatusCode::OK, "{}", 1));
    for table in ["account", "membership", "membership_role", "access_token", "personal_token", "session", "password"] {
        assert_eq!(count(&cast, table, &cast.member), 0, "{table}");
    }
    assert_eq!(cast.member.client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(cast.owner.client.get(&path(&cast.member)).status, StatusCode::NOT_FOUND);
    assert_eq!(cast.administrator.client.delete(&path(&cast.member)).status, StatusCode::NOT_FOUND);
    let log = cast.owner.client.get("/v2/audit_log?action=account.delete").json();
    assert_eq!(log.as_array().map(Vec::len), Some(1));
    assert_eq!(log[0]["target"]["id"], cast.member.id.as_str());
    assert_eq!(log[0]["detail"], serde_json::Value::Null, "no personal value is left of who is gone");
}

#[test]
fn z7_a_created_again_address_is_another_account() {
    let cast = Cast::default();
    cast.owner.client.delete(&path(&cast.member));
    let again = cast.hire("member.of.owner@example.com", &[]);
    assert_ne!(again.id, cast.member.id);
    assert_eq!(cast.member.client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_member_of_two_organizations_leaves_one() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    cast.world.join(&cast.member.id, &other.organization, MEMBER);
    let there = other.person(&cast.member.id);
    let answer = cast.owner.client.delete(&path(&cast.member));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(count(&cast, "membership", &cast.member), 1);
    assert_eq!(cast.member.client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    let me = there.client.get("/v2/accounts/me");
    assert_eq!(me.status, StatusCode::OK, "the other organization's token lives");
    assert_eq!(me.json()["default_organization_id"], other.organization.as_str());
    let answer = other.owner.client.delete(&path(&cast.member));
    assert_eq!((answer.status, count(&cast, "account", &cast.member)), (StatusCode::OK, 0));
}

#[test]
fn whichever_of_two_organizations_is_left_the_account_stays() {
    for leave_first in [true, false] {
        let cast = Cast::default();
        let other = Cast::of(cast.world.clone(), "other@example.com");
        cast.world.join(&cast.member.id, &other.organization, MEMBER);
        let owner = if leave_first { &cast.owner } else { &other.owner };
        assert_eq!(owner.client.delete(&path(&cast.member)).status, StatusCode::OK);
        assert_eq!((count(&cast, "account", &cast.member), count(&cast, "membership", &cast.member)), (1, 1));
    }
}

#[test]
fn z7_invitations_of_who_left_are_taken_back() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let invite = |id: &str, email: &str, organization: &str| {
        cast.world.database.execute(&format!(
            "INSERT INTO invitation (invitation_id, organization_id, kind, state, email, email_key, product, created_at,
               updated_at, expires_at)
             VALUES ('{id}', '{organization}', 'invitation', 'approved', '{email}', '{email}', 'LiveChat', 0, 0, 0)"
        ));
    };
    invite("theirs", "member.of.owner@example.com", &cast.organization);
    invite("elsewhere", "member.of.owner@example.com", &other.organization);
    invite("another", "somebody@example.com", &cast.organization);
    assert_eq!(cast.owner.client.delete(&path(&cast.member)).status, StatusCode::OK);
    let left: String = cast
        .world
        .database
        .value("SELECT group_concat(invitation_id) FROM (SELECT invitation_id FROM invitation ORDER BY invitation_id)");
    assert_eq!(left, "another,elsewhere");
}

#[test]
fn somebody_may_delete_themselves() {
    for (two, alias) in
        [(false, "/v2/accounts/me".to_owned()), (true, "/v2/accounts/me".to_owned()), (true, String::new())]
    {
        let cast = Cast::default();
        if two {
            let other = Cast::of(cast.world.clone(), "other@example.com");
            cast.world.join(&cast.member.id, &other.organization, MEMBER);
        }
        let path = if alias.is_empty() { path(&cast.member) } else { alias };
        let answer = cast.member.client.delete(&path);
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "{}"));
        assert_eq!(count(&cast, "account", &cast.member), i64::from(two));
        assert_eq!(count(&cast, "membership", &cast.member), i64::from(two));
        assert_eq!(cast.member.client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
        let actor: String = cast.world.database.value("SELECT actor_id FROM audit_log WHERE action = 'account.delete'");
        let target: String =
            cast.world.database.value("SELECT target_id FROM audit_log WHERE action = 'account.delete'");
        assert_eq!((actor.as_str(), target.as_str()), (cast.member.id.as_str(), cast.member.id.as_str()));
    }
}

#[test]
fn r3_the_owner_is_never_deleted() {
    let cast = Cast::default();
    let calls = [
        cast.owner.client.delete("/v2/accounts/me"),
        cast.owner.client.delete(&path(&cast.owner)),
        cast.administrator.client.delete(&path(&cast.owner)),
    ];
    for answer in calls {
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    }
    assert_eq!((cast.roles_of(&cast.owner.id).as_str(), cast.audited("account.delete")), ("Accounts/owner", 0));
}

#[test]
fn z4_z5_others_need_the_scope_and_no_lower_rank() {
    let cast = Cast::default();
    let narrow = [cast.member.client.clone(), cast.with_scopes(&cast.owner, &["accounts--my:rw", "accounts--all:rc"])];
    for client in narrow {
        assert_eq!(client.delete(&path(&cast.administrator)).status, StatusCode::FORBIDDEN);
    }
    let role = serde_json::json!({"product": "Accounts", "role": "hr", "scope": "accounts--all:rw"});
    let role = cast.owner.client.post("/v2/roles", &role).json()["role_id"].as_str().expect("an id").to_owned();
    let hr = cast.hire("hr@example.com", &[&role]);
    assert_eq!(hr.client.delete(&path(&cast.administrator)).status, StatusCode::FORBIDDEN);
    assert_eq!(count(&cast, "membership", &cast.administrator), 1);
    assert_eq!(hr.client.delete(&path(&cast.member)).status, StatusCode::OK, "an equal may be removed");
    let other = cast.hire("b@example.com", &[ADMINISTRATOR, BILLING_EDITOR]);
    assert_eq!(cast.administrator.client.delete(&path(&other)).status, StatusCode::OK);
}

#[test]
fn z1_an_account_of_another_organization_is_absent() {
    let cast = Cast::default();
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let answer = cast.owner.client.delete(&path(&other.member));
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
    assert_eq!(cast.owner.client.delete("/v2/accounts/x").status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(count(&cast, "account", &other.member), 1);
}

#[test]
fn a_body_that_asks_for_less_than_everything_deletes_nothing() {
    let cast = Cast::default();
    let delete =
        |body: &'static str| cast.owner.client.send(Method::DELETE, &path(&cast.member), Body::from(body)).status;
    assert_eq!(delete(r#"{"mode": "product", "product": "LiveChat"}"#), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(delete("[]"), StatusCode::BAD_REQUEST);
    assert_eq!(count(&cast, "account", &cast.member), 1);
    assert_eq!(delete(r#"{"mode": "organization"}"#), StatusCode::OK);
}
