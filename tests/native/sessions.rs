//! `/v2/sessions`: one's own sign-ins, and what their end ends.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::client::{Answer, Client, World};
use crate::support::oauth::{SignedIn, text, tokens};
use crate::support::sqlite::Fault;

const SCOPES: &[&str] = &["accounts--my:rw", "sessions--my:rw"];

fn public() -> SignedIn {
    World::default().signed_in(None, SCOPES)
}

fn listed(client: &Client) -> Vec<Value> {
    let answer = client.get("/v2/sessions");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json().as_array().expect("a list").clone()
}

fn done(answer: &Answer) {
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "{}"));
    assert_eq!(answer.calls.database, 1);
}

fn not_found(answer: &Answer, id: &str) {
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text);
    assert_eq!((text(answer, "resource_name"), text(answer, "resource_id")), ("session".into(), id.into()));
}

/// A second session of the account, by a planted token.
fn another(app: &SignedIn) -> (Client, String) {
    app.world.clock.advance(Duration::from_secs(1));
    let client = app.bearer(&app.world.token_for(&app.account, &app.organization, &["sessions--my:rw"]));
    let current = listed(&client).into_iter().find(|session| session["current"] == true).expect("its own");
    (client, current["session_id"].as_str().expect("an id").to_owned())
}

#[test]
fn s5_a_session_tells_what_the_api_says() {
    let app = public();
    let sessions = listed(&app.bearer(&app.access_token));
    let expected = json!([{
        "account_id": app.account,
        "session_id": app.session,
        "current": true,
        "user_agent": "test/1",
        "identity_source": "credentials",
        "ip": "192.0.2.1",
        "applications": [{"name": "App", "client_id": app.client_id, "session_id": app.session}],
    }]);
    assert_eq!(Value::Array(sessions), expected);
}

#[test]
fn s5_only_ones_own_live_sessions_are_listed_and_current_is_right() {
    let app = public();
    let (second, second_id) = another(&app);
    let (stranger, _) = app.world.sign_up("stranger@example.com");
    let current = |client: &Client| -> Vec<(String, bool)> {
        let pair = |session: &Value| {
            (session["session_id"].as_str().expect("an id").to_owned(), session["current"].as_bool().expect("a flag"))
        };
        let mut list: Vec<_> = listed(client).iter().map(pair).collect();
        list.sort();
        list
    };
    let mut both = vec![(app.session.clone(), true), (second_id.clone(), false)];
    both.sort();
    assert_eq!(current(&app.owner), both);
    for (_, current) in &mut both {
        *current = !*current;
    }
    assert_eq!(current(&second), both);
    assert_eq!(listed(&stranger).len(), 1);
    app.world.database.execute(&format!("UPDATE session SET ended_at = 1 WHERE session_id = '{second_id}'"));
    assert_eq!(current(&app.owner), [(app.session.clone(), true)]);
}

#[test]
fn s3_a_session_whose_time_is_over_is_listed_while_tokens_live_in_it() {
    let app = public();
    let (_, second) = another(&app);
    let expire = format!("UPDATE session SET expires_at = 1 WHERE session_id = '{second}'");
    app.world.database.execute(&expire);
    assert_eq!(listed(&app.owner).len(), 2, "its token still lives");
    app.world.database.execute(&format!("DELETE FROM access_token WHERE session_id = '{second}'"));
    assert_eq!(listed(&app.owner).len(), 1);
    app.world.database.execute("UPDATE session SET expires_at = 1");
    app.world.database.execute("DELETE FROM access_token WHERE client_id IS NOT NULL");
    assert_eq!(listed(&app.owner).len(), 1, "the caller's own");
    let (_, third) = another(&app);
    app.world.database.execute(&format!("UPDATE session SET mfa_pending = 1 WHERE session_id = '{third}'"));
    assert_eq!(listed(&app.owner).len(), 1, "half a sign-in is none");
}

#[test]
fn s5_the_end_of_a_session_ends_every_token_given_in_it_and_no_other() {
    for alias in ["my", "me", "id"] {
        let app = public();
        let (second, second_id) = another(&app);
        let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
        let path = if alias == "id" { &app.session } else { alias };
        done(&app.bearer(&access).delete(&format!("/v2/sessions/{path}")));
        assert_eq!(app.live(), (0, 0, 0));
        for token in [&access, &app.access_token] {
            assert_eq!(app.bearer(token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "I4");
        }
        assert_eq!(app.owner.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "its own token too");
        assert_eq!(text(&app.refresh(&refresh), "error"), "invalid_grant");
        assert_eq!(listed(&second).len(), 1);
        let row: String = app.world.database.value(
            "SELECT action || ' ' || actor_id || ' ' || target_kind || ' ' || target_id || ' ' || ip
             FROM audit_log JOIN audit_detail USING (audit_id) WHERE action LIKE 'session.%'",
        );
        assert_eq!(row, format!("session.end {} session {} 192.0.2.1", app.account, app.session));
        assert_ne!(second_id, app.session);
    }
}

#[test]
fn s5_one_session_can_end_another() {
    let app = public();
    let (second, _) = another(&app);
    done(&second.delete(&format!("/v2/sessions/{}", app.session)));
    assert_eq!(app.bearer(&app.access_token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!((app.live(), listed(&second).len()), ((0, 0, 0), 1));
    not_found(&second.delete(&format!("/v2/sessions/{}", app.session)), &app.session);
}

#[test]
fn s5_the_end_of_all_sessions_ends_the_callers_too_and_nobody_elses() {
    let app = public();
    let (second, _) = another(&app);
    let (stranger, _) = app.world.sign_up("stranger@example.com");
    done(&app.bearer(&app.access_token).delete("/v2/sessions"));
    assert_eq!(app.live(), (0, 0, 0));
    for client in [&second, &app.owner, &app.bearer(&app.access_token)] {
        assert_eq!(client.get("/v2/sessions").status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(text(&app.refresh(&app.refresh_token), "error"), "invalid_grant");
    assert_eq!(listed(&stranger).len(), 1);
    assert_eq!(app.world.count("audit_log WHERE action = 'session.end_all'"), 1);
}

#[test]
fn z1_another_accounts_session_is_as_absent_as_none() {
    let app = public();
    let (stranger, _) = app.world.sign_up("stranger@example.com");
    let absent = "00000000-0000-7000-8000-000000000000";
    for id in [app.session.as_str(), absent, "nonsense", "00000000000070008000000000000000"] {
        not_found(&stranger.delete(&format!("/v2/sessions/{id}")), id);
    }
    assert_eq!(app.live(), (1, 1, 1));
    assert_eq!(app.owner.get("/v2/accounts/me").status, StatusCode::OK);
}

#[test]
fn s5_bearer_only_and_the_right_scope() {
    let app = public();
    let personal = app.world.personal(&app.account, &app.organization, &["sessions--my:rw"]);
    let reader = app.bearer(&app.world.token_for(&app.account, &app.organization, &["sessions--my:ro"]));
    let other = app.bearer(&app.world.token_for(&app.account, &app.organization, &["accounts--all:rw"]));
    let one = format!("/v2/sessions/{}", app.session);
    for client in [&personal, &other] {
        assert_eq!(client.get("/v2/sessions").status, StatusCode::FORBIDDEN);
    }
    assert_eq!(reader.get("/v2/sessions").status, StatusCode::OK);
    for client in [&personal, &other, &reader] {
        for path in ["/v2/sessions", "/v2/sessions/my", &one] {
            assert_eq!(client.delete(path).status, StatusCode::FORBIDDEN, "{path}");
        }
    }
    assert_eq!(app.world.anonymous().delete("/v2/sessions").status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.world.count("session WHERE ended_at IS NOT NULL"), 0);
    assert_eq!(app.live(), (1, 1, 1));
}

#[test]
fn i2_a_storage_fault_is_503_and_ends_nothing() {
    let app = public();
    app.world.database.set_fault(Some(Fault::BeforeCommit));
    for path in ["/v2/sessions", "/v2/sessions/my"] {
        assert_eq!(app.owner.delete(path).status, StatusCode::SERVICE_UNAVAILABLE);
    }
    app.world.database.set_fault(None);
    assert_eq!((listed(&app.owner).len(), app.live()), (1, (1, 1, 1)));
}
