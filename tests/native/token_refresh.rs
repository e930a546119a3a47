//! `POST /v2/token`, the refresh token grant.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::time::Duration;

use global_accounts::oauth::digest::Digest;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::client::World;
use crate::support::oauth::{SECRET, SignedIn, text, tokens};

const SCOPES: &[&str] = &["accounts--all:rw", "sessions--my:rw"];

fn public() -> SignedIn {
    World::default().signed_in(None, SCOPES)
}

fn confidential() -> SignedIn {
    World::default().signed_in(Some(SECRET), SCOPES)
}

fn refused(app: &SignedIn, refresh_token: &str, error: &str) {
    let answer = app.refresh(refresh_token);
    assert_eq!((answer.status, text(&answer, "error").as_str()), (StatusCode::UNAUTHORIZED, error), "{}", answer.text);
}

#[test]
fn the_answer_is_the_apis_and_costs_one_round_trip() {
    let app = public();
    let answer = app.refresh(&app.refresh_token);
    let body = answer.json();
    let names: Vec<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    let expected = [
        "access_token",
        "account_id",
        "client_id",
        "expires_in",
        "organization_id",
        "refresh_token",
        "scope",
        "token_type",
    ];
    assert_eq!(BTreeSet::from_iter(names), BTreeSet::from(expected));
    assert_eq!(body["account_id"], app.account);
    assert_eq!(body["organization_id"], app.organization);
    assert_eq!(body["client_id"], app.client_id);
    assert_eq!((body["expires_in"].as_u64(), body["token_type"].as_str()), (Some(28_800), Some("Bearer")));
    assert_eq!(body["scope"], "accounts--all:rw,sessions--my:rw");
    assert_eq!((answer.calls.database, answer.calls.cache), (1, 0));
    let (access, refresh) = tokens(&answer);
    assert_eq!((access.matches(':').count(), refresh.matches(':').count()), (1, 0));
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(app.bearer(&app.access_token).get("/v2/accounts/me").status, StatusCode::OK, "it lives on");
}

#[test]
fn t8_answers_with_tokens_are_not_stored() {
    let app = public();
    for answer in [app.refresh(&app.refresh_token), app.bearer(&app.access_token).get("/v2/info")] {
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
        assert_eq!(answer.header("pragma"), "no-cache");
    }
}

#[test]
fn every_form_of_the_request_is_read() {
    let app = confidential();
    let json = app.request(&app.refresh_token, &[]);
    let form = |body: &Value| {
        let pairs =
            body.as_object().expect("an object").iter().map(|(name, value)| (name, value.as_str().expect("text")));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let bare = app.request(&app.refresh_token, &[("client_id", Value::Null), ("client_secret", Value::Null)]);
    let bare = bare.as_object().expect("an object").iter().filter(|(_, value)| !value.is_null());
    let bare = Value::Object(bare.map(|(name, value)| (name.clone(), value.clone())).collect());
    let basic = app.world.basic(&app.client_id, SECRET).authorization().to_owned();
    let urlencoded = Some("application/x-www-form-urlencoded; charset=utf-8");
    let ask = |form, authorization, path: &str, body: &str| app.world.ask_token(form, authorization, path, body);
    let answers = [
        ask(Some("application/json"), None, "/v2/token", &json.to_string()),
        ask(Some("application/json;charset=UTF-8"), None, "/token", &json.to_string()),
        ask(Some("text/plain;charset=UTF-8"), None, "/v2/token", &json.to_string()),
        ask(None, None, "/v2/token", &json.to_string()),
        ask(urlencoded, None, "/v2/token", &form(&json)),
        ask(urlencoded, None, "/v2/token?utm_source=x", &form(&json)),
        ask(None, None, &format!("/v2/token?{}", form(&json)), ""),
        ask(urlencoded, None, &format!("/token?{}", form(&json)), ""),
        ask(urlencoded, Some(&basic), "/v2/token", &form(&bare)),
        ask(None, Some(&basic), &format!("/v2/token?{}", form(&bare)), ""),
    ];
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, StatusCode::OK, "{at}: {}", answer.text);
        assert_eq!(text(answer, "refresh_token"), app.refresh_token, "a confidential client keeps its token");
    }
    // As dev-cli does: it repeats the redirect URI, which a refresh ignores.
    let extra = [("redirect_uri", json!("http://localhost:5555")), ("unknown", json!([1, {"a": 2}]))];
    assert_eq!(app.refresh_with(&app.refresh_token, &extra).status, StatusCode::OK);
}

#[test]
fn t1_t2_a_confidential_client_proves_who_it_is_on_every_refresh() {
    let app = confidential();
    let wrong = [
        [("client_secret", Value::Null), ("x", Value::Null)],
        [("client_secret", json!("")), ("x", Value::Null)],
        [("client_secret", json!("wrong")), ("x", Value::Null)],
        [("client_secret", json!(Digest::of(SECRET.as_bytes()).as_str())), ("x", Value::Null)],
        [("client_id", json!("ffffffffffffffffffffffffffffffff")), ("x", Value::Null)],
    ];
    let before = app.live();
    for changes in &wrong {
        let answer = app.refresh_with(&app.refresh_token, changes);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{changes:?}");
        assert_eq!(text(&answer, "error"), "invalid_client");
        assert_eq!(answer.header("www-authenticate"), "", "T9: no header was used");
    }
    assert_eq!(app.live(), before, "nothing was issued, used or revoked");
    let app = public();
    let answer = app.refresh_with(&app.refresh_token, &[("client_secret", json!(SECRET))]);
    assert_eq!((answer.status, text(&answer, "error").as_str()), (StatusCode::UNAUTHORIZED, "invalid_client"));
    assert_eq!(app.live(), (1, 1, 1));
    assert_eq!(app.refresh(&app.refresh_token).status, StatusCode::OK, "the token was not touched");
}

#[test]
fn a_public_client_may_name_itself_in_a_header_without_a_secret() {
    let app = public();
    let basic = app.world.basic(&app.client_id, "").authorization().to_owned();
    let body = app.request(&app.refresh_token, &[("client_id", Value::Null)]).to_string();
    let answer = app.world.ask_token(Some("application/json"), Some(&basic), "/v2/token", &body);
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
}

#[test]
fn t3_a_public_client_gets_a_new_refresh_token_each_time() {
    let app = public();
    let mut refresh = app.refresh_token.clone();
    let mut seen = BTreeSet::from([refresh.clone()]);
    for round in 0..5 {
        app.world.clock.advance(Duration::from_hours(7));
        let (access, next) = tokens(&app.refresh(&refresh));
        assert!(seen.insert(next.clone()), "round {round}");
        assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::OK);
        refresh = next;
    }
    assert_eq!(app.live(), (1, 6, 1));
    let dump = app.world.database.dump();
    assert!(!dump.iter().any(|(_, _, cell)| seen.iter().any(|token| cell.contains(token.as_str()))));
}

#[test]
fn t3_within_ten_seconds_the_same_token_gives_the_same_pair() {
    for millis in [0, 9_900, 10_000] {
        let app = public();
        let first = tokens(&app.refresh(&app.refresh_token));
        app.world.clock.advance(Duration::from_millis(millis));
        let again = app.refresh(&app.refresh_token);
        assert_eq!(tokens(&again), first, "{millis}");
        assert_eq!(again.json()["expires_in"].as_u64(), Some(28_800 - millis.div_ceil(1_000)), "what is left");
        assert_eq!(again.json()["scope"], "accounts--all:rw,sessions--my:rw");
        assert_eq!((again.calls.database, app.live()), (1, (1, 2, 1)));
        assert_eq!(app.refresh(&first.1).status, StatusCode::OK, "the successor is good");
    }
}

fn family_is_dead(app: &SignedIn, issued: &[(String, String)]) {
    assert_eq!(app.live(), (0, 0, 0));
    for (access, refresh) in issued {
        assert_eq!(app.bearer(access).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "I4");
        refused(app, refresh, "invalid_grant");
    }
    let audited: i64 =
        app.world.database.value("SELECT count(*) FROM audit_log JOIN audit_detail USING (audit_id) WHERE action = 'token.reuse' AND actor_kind = 'system'");
    assert_eq!(audited, 1);
}

#[test]
fn t3_after_ten_seconds_reuse_ends_the_family_and_its_access_tokens() {
    let app = public();
    let first = tokens(&app.refresh(&app.refresh_token));
    app.world.clock.advance(Duration::from_millis(10_100));
    let reused = app.refresh(&app.refresh_token);
    assert_eq!((reused.status, text(&reused, "error").as_str()), (StatusCode::UNAUTHORIZED, "invalid_grant"));
    assert_eq!(reused.calls.database, 1);
    family_is_dead(&app, &[first, (app.access_token.clone(), app.refresh_token.clone())]);
}

#[test]
fn t3_the_window_closes_when_the_successor_is_used() {
    let app = public();
    let first = tokens(&app.refresh(&app.refresh_token));
    let second = tokens(&app.refresh(&first.1));
    refused(&app, &app.refresh_token, "invalid_grant");
    family_is_dead(&app, &[first, second]);
}

#[test]
fn t3_the_window_closes_when_the_new_access_token_is_used() {
    for path in ["/v2/accounts/me", "/v2/info", "/v2/sessions"] {
        let app = public();
        app.world.clock.advance(Duration::from_mins(1));
        let first = tokens(&app.refresh(&app.refresh_token));
        assert_eq!(app.bearer(&app.access_token).get(path).status, StatusCode::OK, "the old one closes nothing");
        assert_eq!(tokens(&app.refresh(&app.refresh_token)), first);
        assert_eq!(app.bearer(&first.0).get(path).status, StatusCode::OK);
        refused(&app, &app.refresh_token, "invalid_grant");
        family_is_dead(&app, &[first]);
    }
}

#[test]
fn t3_t17_a_replaced_token_in_another_clients_hands_ends_nothing() {
    let app = public();
    let other = "0123456789abcdef0123456789abcde9";
    app.world.application(other, &app.organization, None);
    let first = tokens(&app.refresh(&app.refresh_token));
    app.world.clock.advance(Duration::from_mins(1));
    let answer = app.refresh_with(&app.refresh_token, &[("client_id", json!(other))]);
    assert_eq!(text(&answer, "error"), "invalid_grant");
    let answer = app.refresh_with(&app.refresh_token, &[("client_secret", json!("guess"))]);
    assert_eq!(text(&answer, "error"), "invalid_client");
    assert_eq!(app.live(), (1, 2, 1));
    assert_eq!(app.refresh(&first.1).status, StatusCode::OK);
}

#[test]
fn r6_twenty_identical_requests_at_once_give_one_successor_pair() {
    for _ in 0..10 {
        let app = public();
        let barrier = Barrier::new(20);
        let pairs = at_once(20, || {
            barrier.wait();
            tokens(&app.refresh(&app.refresh_token))
        });
        let pairs: BTreeSet<(String, String)> = pairs.into_iter().collect();
        assert_eq!((pairs.len(), app.live()), (1, (1, 2, 1)));
        assert_eq!(app.world.count("refresh_token"), 2);
    }
}

#[test]
fn r7_after_a_refresh_and_a_revocation_at_once_nothing_lives() {
    let mut refreshed_first = 0;
    for round in 0..20 {
        let app = public();
        let barrier = Barrier::new(2);
        let [refreshed, revoked] = std::thread::scope(|scope| {
            let refresh = scope.spawn(|| {
                barrier.wait();
                app.refresh(&app.refresh_token)
            });
            let revoke = scope.spawn(|| {
                barrier.wait();
                app.bearer(if round % 2 == 0 { &app.refresh_token } else { &app.access_token }).delete("/v2/token")
            });
            [refresh.join().expect("an answer"), revoke.join().expect("an answer")]
        });
        assert_eq!(revoked.status, StatusCode::OK);
        assert_eq!(app.live(), (0, 0, 0));
        if refreshed.status == StatusCode::OK {
            refreshed_first += 1;
            let (access, next) = tokens(&refreshed);
            assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
            refused(&app, &next, "invalid_grant");
        }
    }
    assert!(refreshed_first <= 20);
}

#[test]
fn t4_a_refresh_narrows_and_never_widens() {
    let app = World::default().signed_in(Some(SECRET), &["accounts--all:rc", "sessions--my:ro"]);
    let scoped = |scope: &str| app.refresh_with(&app.refresh_token, &[("scope", json!(scope))]);
    assert_eq!(text(&scoped("accounts--my:ro"), "scope"), "accounts--my:ro");
    assert_eq!(text(&scoped("accounts--all:ro sessions--my:ro"), "scope"), "accounts--all:ro,sessions--my:ro");
    assert_eq!(text(&scoped("sessions--my:ro,accounts--all:rc"), "scope"), "accounts--all:rc,sessions--my:ro");
    let before = app.live();
    for wider in
        ["accounts--all:rw", "accounts--my:rw", "sessions--my:rw", "accounts--my:ro,reports_read", "x", ",", "\n"]
    {
        let answer = scoped(wider);
        assert_eq!(
            (answer.status, text(&answer, "error").as_str()),
            (StatusCode::FORBIDDEN, "invalid_scope"),
            "{wider}"
        );
    }
    assert_eq!(app.live(), before);
    let narrow = text(&scoped("sessions--my:ro"), "access_token");
    assert_eq!(app.bearer(&narrow).get("/v2/accounts").status, StatusCode::FORBIDDEN);
    let full = app.refresh(&app.refresh_token);
    assert_eq!(text(&full, "scope"), "accounts--all:rc,sessions--my:ro", "narrowing once narrows that token only");
}

#[test]
fn t4_a_lost_role_narrows_at_the_next_use() {
    let app = World::default().signed_in(None, &["organization--my:rw", "accounts--all:rw"]);
    let first = app.refresh(&app.refresh_token);
    assert_eq!(text(&first, "scope"), "accounts--all:rw,organization--my:rw");
    app.world.database.execute("DELETE FROM role_scope WHERE role_id = '728b99be-848c-11ea-9b91-005056a00001'");
    app.world
        .database
        .execute("INSERT INTO role_scope VALUES ('728b99be-848c-11ea-9b91-005056a00001', 'accounts--all:rc')");
    assert_eq!(text(&app.refresh(&text(&first, "refresh_token")), "scope"), "accounts--all:rc");
}

#[test]
fn t5_the_idle_expiry_moves_and_the_absolute_one_does_not() {
    for secret in [None, Some(SECRET)] {
        let app = World::default().signed_in(secret, SCOPES);
        let mut refresh = app.refresh_token.clone();
        for month in 1..=12 {
            app.world.clock.advance(Duration::from_hours(24 * 30) - Duration::from_secs(1));
            let answer = app.refresh(&refresh);
            assert_eq!(answer.status, StatusCode::OK, "month {month}: {}", answer.text);
            refresh = text(&answer, "refresh_token");
        }
        app.world.clock.advance(Duration::from_hours(24 * 5) + Duration::from_secs(11));
        assert_eq!(app.refresh(&refresh).status, StatusCode::OK, "a second before a year is over");
        let refresh = if secret.is_none() { text(&app.refresh(&refresh), "refresh_token") } else { refresh };
        app.world.clock.advance(Duration::from_secs(1));
        let late = app.refresh(&refresh);
        assert_eq!((text(&late, "error").as_str(), late.calls.database), ("invalid_grant", 0), "its envelope tells");
    }
}

#[test]
fn t5_a_month_without_use_ends_it() {
    for secret in [None, Some(SECRET)] {
        let app = World::default().signed_in(secret, SCOPES);
        app.world.clock.advance(Duration::from_hours(24 * 30));
        refused(&app, &app.refresh_token, "invalid_grant");
        assert_eq!(app.world.count("access_token"), 2, "nothing was issued");
    }
}

#[test]
fn t17_whatever_ends_a_sign_in_ends_its_refresh_token() {
    let ends = [
        "UPDATE session SET ended_at = 1",
        "UPDATE account SET token_epoch = 1",
        "UPDATE membership SET token_epoch = 1",
        "UPDATE membership SET suspended = 1",
        "UPDATE client SET token_epoch = 1 WHERE product IS NULL",
        "UPDATE refresh_family SET revoked_at = 1",
        "UPDATE refresh_family SET expires_at = created_at",
        "UPDATE refresh_token SET expires_at = created_at",
        "DELETE FROM client WHERE product IS NULL",
        "DELETE FROM session",
    ];
    for end in ends {
        let app = public();
        app.world.database.execute(end);
        let answer = app.refresh(&app.refresh_token);
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{end}");
        assert!(app.world.count("access_token") <= 2, "{end}: nothing was issued");
    }
    let app = public();
    app.world.database.execute("UPDATE session SET expires_at = 1, idle_expires_at = 1");
    assert_eq!(app.refresh(&app.refresh_token).status, StatusCode::OK, "a browser session's own expiry ends no token");
}

#[test]
fn t6_no_other_token_is_a_refresh_token_and_none_costs_storage() {
    let app = public();
    let refresh = &app.refresh_token;
    let mut forged = refresh.clone();
    forged.replace_range(10..11, if refresh.get(10..11) == Some("A") { "B" } else { "A" });
    for other in [app.access_token.clone(), forged, format!("dal:{refresh}"), format!("{refresh}="), "x".into()] {
        let answer = app.refresh(&other);
        assert_eq!((text(&answer, "error").as_str(), answer.calls.database), ("invalid_grant", 0), "{other}");
    }
    assert_eq!(app.bearer(refresh).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn at_most_25_access_tokens_and_the_oldest_ends() {
    let app = confidential();
    let mut issued = vec![app.access_token.clone()];
    for _ in 0..30 {
        app.world.clock.advance(Duration::from_secs(1));
        issued.push(tokens(&app.refresh(&app.refresh_token)).0);
    }
    assert_eq!(app.live(), (1, 25, 1));
    let status = |token: &String| app.bearer(token).get("/v2/accounts/me").status;
    let (ended, alive) = issued.split_at(issued.len() - 25);
    assert!(ended.iter().all(|token| status(token) == StatusCode::UNAUTHORIZED));
    assert!(alive.iter().all(|token| status(token) == StatusCode::OK));
    let burst: Vec<String> = (0..30).map(|_| tokens(&app.refresh(&app.refresh_token)).0).collect();
    assert_eq!(app.live(), (1, 25, 1));
    assert_eq!(status(burst.last().expect("thirty")), StatusCode::OK, "the newest of one instant stays");
}

#[test]
fn at_most_25_families_and_the_oldest_ends_with_its_access_tokens() {
    let app = public();
    let grant = || app.world.grant(&app.client_id, &app.account, &app.organization, &app.session, SCOPES);
    for _ in 0..24 {
        app.world.clock.advance(Duration::from_secs(1));
        grant();
    }
    assert_eq!(app.live(), (25, 25, 25));
    app.world.clock.advance(Duration::from_secs(1));
    let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::OK, "the oldest family, a new token");
    app.world.clock.advance(Duration::from_secs(1));
    let newest = grant();
    assert_eq!(app.live(), (25, 25, 25));
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    refused(&app, &refresh, "invalid_grant");
    assert_eq!(app.refresh(&newest.refresh_token).status, StatusCode::OK);
    let other = World::with(&[("TOKENS_PER_CLIENT", "2")]).signed_in(None, SCOPES);
    for _ in 0..3 {
        other.world.clock.advance(Duration::from_secs(1));
        other.world.grant(&other.client_id, &other.account, &other.organization, &other.session, SCOPES);
    }
    assert_eq!(other.live(), (2, 2, 2), "the limit is configuration");
}

#[test]
fn a_grant_is_issued_only_to_the_living() {
    use futures_executor::block_on;
    use global_accounts::usecase::tokens::issue::{Grant, issue_to};
    for end in ["UPDATE session SET ended_at = 1", "UPDATE membership SET suspended = 1"] {
        let app = public();
        app.world.database.execute(end);
        let scopes = BTreeSet::new();
        let id = |text: &str| text.parse().expect("an id");
        let grant = Grant {
            client_id: &app.client_id,
            account: id(&app.account),
            organization: app.organization.parse().expect("an id"),
            session: app.session.parse().expect("an id"),
            scopes: &scopes,
        };
        let service = app.world.app();
        let issue = issue_to(&service, service.now(), &grant).expect("randomness");
        let rows = block_on(service.batch(&issue.statements)).expect("a batch");
        assert_eq!(rows.iter().map(global_accounts::ports::Rows::changes).sum::<u64>(), 0, "{end}");
        assert_eq!((app.world.count("refresh_family"), app.world.count("access_token")), (1, 2));
    }
}
