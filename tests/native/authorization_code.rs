//! `POST /v2/token`, the authorization code grant. Codes are planted by the statement that the consent page uses.

use std::collections::BTreeSet;
use std::sync::Barrier;
use std::time::Duration;

use global_accounts::oauth::pkce::Challenge;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::client::{Answer, World};
use crate::support::oauth::{CHALLENGE, REDIRECT_URI, SDK_CHALLENGE, SECRET, SignedIn, VERIFIER, s256, text, tokens};
use crate::support::plant::MEMBER;

const SCOPES: &[&str] = &["accounts--all:rw", "sessions--my:rw"];

/// A person at an application that holds nothing yet: what `World::signed_in` gave is taken away.
fn at(world: World, secret: Option<&'static str>) -> SignedIn {
    let app = world.signed_in(secret, SCOPES);
    app.world.database.execute("DELETE FROM refresh_family");
    app.world.database.execute("DELETE FROM session_application");
    app
}

fn public() -> SignedIn {
    at(World::default(), None)
}

fn confidential() -> SignedIn {
    at(World::default(), Some(SECRET))
}

fn error(answer: &Answer) -> (StatusCode, String) {
    (answer.status, text(answer, "error"))
}

fn invalid_grant() -> (StatusCode, String) {
    (StatusCode::UNAUTHORIZED, "invalid_grant".to_owned())
}

fn invalid_client() -> (StatusCode, String) {
    (StatusCode::UNAUTHORIZED, "invalid_client".to_owned())
}

fn audited(app: &SignedIn, action: &str) -> i64 {
    app.world
        .database
        .value(&format!("SELECT count(*) FROM audit_log JOIN audit_detail USING (audit_id) WHERE action = '{action}'"))
}

/// Nothing was given for the code, and it is still good: it is exchanged now.
fn nothing_happened(app: &SignedIn, code: &str, why: &str) {
    assert_eq!(app.live(), (0, 0, 0), "{why}");
    assert_eq!((audited(app, "token.issue"), audited(app, "code.reuse")), (1, 0), "{why}: the one of the sign-in");
    let used: i64 = app.world.database.value("SELECT count(*) FROM authorization_code WHERE used_at IS NOT NULL");
    assert_eq!(used, 0, "{why}");
    assert_eq!(app.exchange(code).status, StatusCode::OK, "{why}: the code is good");
}

#[test]
fn the_answer_is_the_apis_and_costs_one_round_trip() {
    let app = public();
    let answer = app.exchange(&app.code());
    let body = answer.json();
    let names: BTreeSet<&str> = body.as_object().expect("an object").keys().map(String::as_str).collect();
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
    assert_eq!(names, BTreeSet::from(expected));
    assert_eq!(body["account_id"], app.account);
    assert_eq!(body["organization_id"], app.organization);
    assert_eq!(body["client_id"], app.client_id);
    assert_eq!((body["expires_in"].as_u64(), body["token_type"].as_str()), (Some(28_800), Some("Bearer")));
    assert_eq!(body["scope"], "accounts--all:rw,sessions--my:rw");
    assert_eq!((answer.calls.database, answer.calls.cache), (1, 0));
    assert_eq!(app.live(), (1, 1, 1));
    let (access, refresh) = tokens(&answer);
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(app.bearer(&access).get("/v2/info").json()["refresh_token"], refresh, "they are paired");
    let sessions = app.bearer(&access).get("/v2/sessions").json();
    assert_eq!(sessions[0]["applications"][0]["client_id"], app.client_id);
    assert_eq!(app.refresh(&refresh).status, StatusCode::OK);
    assert_eq!(audited(&app, "token.issue"), 2, "beside the one of the sign-in");
}

#[test]
fn t8_answers_with_tokens_are_not_stored() {
    let app = public();
    let answer = app.exchange(&app.code());
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"));
    assert_eq!(answer.header("pragma"), "no-cache");
}

#[test]
fn every_form_of_the_request_is_read() {
    let app = confidential();
    let form = |body: &Value| {
        let given = body.as_object().expect("an object").iter().filter(|(_, value)| !value.is_null());
        let pairs = given.map(|(name, value)| (name, value.as_str().expect("text")));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    };
    let basic = app.world.basic(&app.client_id, SECRET).authorization().to_owned();
    let urlencoded = Some("application/x-www-form-urlencoded; charset=utf-8");
    let json = || app.exchange_request(&app.code(), &[]);
    let v1 = || app.exchange_request(&app.code(), &[("grant_type", json!("code"))]);
    let bare = || app.exchange_request(&app.code(), &[("client_id", Value::Null), ("client_secret", Value::Null)]);
    let ask = |form, authorization, path: &str, body: &str| app.world.ask_token(form, authorization, path, body);
    let answers = [
        ask(Some("application/json"), None, "/v2/token", &json().to_string()),
        ask(Some("application/json"), None, "/token", &v1().to_string()),
        ask(Some("text/plain;charset=UTF-8"), None, "/v2/token", &json().to_string()),
        ask(None, None, "/v2/token", &v1().to_string()),
        ask(urlencoded, None, "/v2/token", &form(&json())),
        ask(None, None, &format!("/v2/token?{}", form(&json())), ""),
        ask(urlencoded, None, &format!("/token?{}", form(&v1())), ""),
        ask(urlencoded, Some(&basic), "/v2/token", &form(&bare())),
        ask(Some("application/json"), Some(&basic), "/token", &bare().to_string()),
    ];
    for (at, answer) in answers.iter().enumerate() {
        assert_eq!(answer.status, StatusCode::OK, "{at}: {}", answer.text);
        assert_eq!(answer.calls.database, 1, "{at}");
    }
    assert_eq!(app.live(), (9, 9, 9));
}

#[test]
fn t1_t2_the_client_proves_who_it_is() {
    let app = confidential();
    let code = app.code();
    let two_ways = {
        let basic = app.world.basic(&app.client_id, SECRET).authorization().to_owned();
        let body = app.exchange_request(&code, &[]).to_string();
        app.world.ask_token(Some("application/json"), Some(&basic), "/v2/token", &body)
    };
    assert_eq!(error(&two_ways), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request".to_owned()));
    for secret in [Value::Null, json!(""), json!("wrong")] {
        let answer = app.exchange_with(&code, &[("client_secret", secret)]);
        assert_eq!(error(&answer), invalid_client());
        assert_eq!(answer.header("www-authenticate"), "", "T9: no header was used");
    }
    let basic = app.world.basic(&app.client_id, "wrong").authorization().to_owned();
    let body = app.exchange_request(&code, &[("client_id", Value::Null), ("client_secret", Value::Null)]).to_string();
    let answer = app.world.ask_token(Some("application/json"), Some(&basic), "/v2/token", &body);
    assert_eq!(error(&answer), invalid_client());
    assert_eq!(answer.header("www-authenticate"), "Basic realm=\"accounts\"", "T9");
    nothing_happened(&app, &code, "T1");
    let app = public();
    let code = app.code();
    assert_eq!(error(&app.exchange_with(&code, &[("client_secret", json!(SECRET))])), invalid_client());
    nothing_happened(&app, &code, "a public client has no secret");
}

#[test]
fn t17_a7_each_fault_alone_is_refused() {
    for secret in [None, Some(SECRET)] {
        let other = "0123456789abcdef0123456789abcde9";
        let faults: [(&str, &[(&str, Value)]); 8] = [
            ("another client", &[("client_id", json!(other))]),
            ("A3: below", &[("redirect_uri", json!("https://app.example.com/cb/x"))]),
            ("A3: another", &[("redirect_uri", json!("https://evil.example/cb"))]),
            ("A3: no URI at all", &[("redirect_uri", json!("javascript:alert(1)"))]),
            ("A6: no verifier", &[("code_verifier", Value::Null)]),
            ("A6: an empty verifier", &[("code_verifier", json!(""))]),
            ("another verifier", &[("code_verifier", json!("x".repeat(43)))]),
            ("the challenge as verifier", &[("code_verifier", json!(CHALLENGE))]),
        ];
        for (why, changes) in faults {
            let app = at(World::default(), secret);
            app.world.application(other, &app.organization, secret);
            let code = app.code();
            assert_eq!(error(&app.exchange_with(&code, changes)), invalid_grant(), "{why}");
            nothing_happened(&app, &code, why);
        }
    }
}

#[test]
fn a3_the_redirect_uri_is_required_and_compared_in_normal_form() {
    let app = public();
    let code = app.code();
    let missing = app.exchange_with(&code, &[("redirect_uri", Value::Null)]);
    assert_eq!(error(&missing), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request".to_owned()));
    assert_eq!(missing.calls.database, 0);
    nothing_happened(&app, &code, "A3");
    let same = app.exchange_with(&app.code(), &[("redirect_uri", json!("HTTPS://App.Example.com:443/cb"))]);
    assert_eq!(same.status, StatusCode::OK);
    let root = app.world.plant_code(app.whom(), SCOPES, "https://app.example.com", s256().as_ref()).expect("a code");
    let same = app.exchange_with(&root, &[("redirect_uri", json!("https://app.example.com/"))]);
    assert_eq!(same.status, StatusCode::OK, "a browser makes no difference between the two");
}

#[test]
fn a4_a6_challenge_and_verifier_come_together() {
    let app = confidential();
    let bare = app.code_for(None);
    let downgraded = app.exchange(&bare);
    assert_eq!(error(&downgraded), invalid_grant(), "a verifier, but no challenge");
    assert_eq!(app.live(), (0, 0, 0));
    assert_eq!(app.exchange_with(&bare, &[("code_verifier", Value::Null)]).status, StatusCode::OK);
    // The authorize endpoint gives no public client such a code; if it ever did, nothing would come of it.
    let app = public();
    for verifier in [Value::Null, json!(VERIFIER)] {
        let answer = app.exchange_with(&app.code_for(None), &[("code_verifier", verifier)]);
        assert_eq!(error(&answer), invalid_grant(), "A4");
    }
    assert_eq!(app.live(), (0, 0, 0));
}

#[test]
fn a6_malformed_verifiers_cost_no_storage() {
    let app = public();
    let code = app.code();
    for verifier in
        ["x".repeat(42), "x".repeat(129), format!("{} ", "x".repeat(50)), format!("{}\u{e9}", "x".repeat(50))]
    {
        let answer = app.exchange_with(&code, &[("code_verifier", json!(verifier))]);
        assert_eq!((error(&answer), answer.calls.database), (invalid_grant(), 0), "{verifier}");
    }
    nothing_happened(&app, &code, "A6");
}

#[test]
fn a5_every_form_of_challenge_is_answered_by_its_verifier() {
    let long = "a".repeat(128);
    for secret in [None, Some(SECRET)] {
        let app = at(World::default(), secret);
        let challenges = [
            (Challenge::S256(CHALLENGE.to_owned()), VERIFIER),
            (Challenge::S256(SDK_CHALLENGE.to_owned()), VERIFIER),
            (Challenge::Plain(VERIFIER.to_owned()), VERIFIER),
            (Challenge::Plain(long.clone()), &long),
        ];
        for (challenge, verifier) in challenges {
            let code = app.code_for(Some(&challenge));
            let dump = app.world.database.dump();
            assert!(!dump.iter().any(|(_, _, cell)| cell.contains(verifier)), "no row holds a verifier");
            assert!(!dump.iter().any(|(_, _, cell)| cell.contains(&code)), "nor a code");
            for wrong in ["b".repeat(128), challenge.digest()] {
                let answer = app.exchange_with(&code, &[("code_verifier", json!(wrong))]);
                assert_eq!(error(&answer), invalid_grant(), "{challenge:?} for {wrong}");
            }
            let answer = app.exchange_with(&code, &[("code_verifier", json!(verifier))]);
            assert_eq!(answer.status, StatusCode::OK, "{challenge:?}: {}", answer.text);
        }
        assert_eq!(app.live(), (4, 4, 4));
    }
}

#[test]
fn a7_t16_a_code_lives_for_sixty_seconds() {
    for (millis, lives) in [(0, true), (59_999, true), (60_000, false), (60_001, false), (3_600_000, false)] {
        let app = public();
        let code = app.code();
        app.world.clock.advance(Duration::from_millis(millis));
        let answer = app.exchange(&code);
        assert_eq!(answer.status == StatusCode::OK, lives, "{millis}");
        assert_eq!(app.live(), if lives { (1, 1, 1) } else { (0, 0, 0) }, "{millis}");
        if !lives {
            assert_eq!(error(&answer), invalid_grant(), "{millis}");
        }
    }
    let app = at(World::with(&[("AUTHORIZATION_CODE_TTL", "5")]), None);
    let code = app.code();
    app.world.clock.advance(Duration::from_secs(5));
    assert_eq!(error(&app.exchange(&code)), invalid_grant());
}

/// Everything that a code is bound to. Each ends it alone.
#[test]
fn a7_t17_a_code_dies_with_what_it_is_bound_to() {
    let ends = [
        ("the session ended", "UPDATE session SET ended_at = 1"),
        ("a second step became due", "UPDATE session SET mfa_pending = 1"),
        ("the account's epoch moved", "UPDATE account SET token_epoch = token_epoch + 1"),
        ("so did the session's", "UPDATE session SET account_epoch = account_epoch + 1"),
        ("the member's epoch moved", "UPDATE membership SET token_epoch = token_epoch + 1"),
        ("the member was suspended", "UPDATE membership SET suspended = 1"),
        ("the client's epoch moved", "UPDATE client SET token_epoch = token_epoch + 1"),
    ];
    for (why, end) in ends {
        let app = public();
        let code = app.code();
        app.world.database.execute(end);
        assert_eq!(error(&app.exchange(&code)), invalid_grant(), "{why}");
        assert_eq!((app.live(), audited(&app, "token.issue")), ((0, 0, 0), 1), "{why}");
        let fresh = app.world.plant_code(app.whom(), SCOPES, REDIRECT_URI, s256().as_ref());
        let alive_again = ["the member's epoch moved", "the client's epoch moved"].contains(&why);
        assert_eq!(fresh.is_some(), alive_again, "{why}: nor is another given");
    }
    let app = public();
    let code = app.code();
    app.world.database.execute("DELETE FROM client_scope");
    app.world.database.execute(&format!("DELETE FROM client WHERE client_id = '{}'", app.client_id));
    assert_eq!(error(&app.exchange(&code)), invalid_client(), "the client is gone");
    // A browser session's own expiry ends no code, as it ends no token; it only gives no new one.
    let app = public();
    let code = app.code();
    app.world.database.execute("UPDATE session SET idle_expires_at = 1");
    assert_eq!(app.world.plant_code(app.whom(), SCOPES, REDIRECT_URI, s256().as_ref()), None);
    assert_eq!(app.exchange(&code).status, StatusCode::OK);
}

#[test]
fn a_products_own_client_needs_the_product() {
    const LIVECHAT: &str = "1887ed48fa338511da234a28cd8b750a";
    const ACCOUNTS: &str = "cd6758ff5daa4354fd3410436a099167";
    let mut app = public();
    let run = |app: &SignedIn, sql: &str| app.world.database.execute(&sql.replace("$ORG", &app.organization));
    let plant = |app: &SignedIn| app.world.plant_code(app.whom(), SCOPES, REDIRECT_URI, s256().as_ref());
    app.client_id = LIVECHAT.to_owned();
    assert_eq!(plant(&app), None, "not enabled");
    run(&app, "INSERT INTO organization_product (organization_id, product, created_at) VALUES ('$ORG', 'LiveChat', 0)");
    for (state, usable) in
        [("trial", true), ("active", true), ("past_due", true), ("cancelled", false), ("expired", false)]
    {
        run(&app, "UPDATE organization_product SET state = 'active'");
        let code = plant(&app).expect("it is active");
        run(&app, &format!("UPDATE organization_product SET state = '{state}'"));
        assert_eq!(plant(&app).is_some(), usable, "{state}");
        assert_eq!(app.exchange(&code).status == StatusCode::OK, usable, "{state}");
    }
    run(&app, "UPDATE organization_product SET state = 'active'");
    let code = plant(&app).expect("it is active");
    let suspension = format!(
        "INSERT INTO product_suspension (organization_id, account_id, product, created_at) VALUES ('$ORG', '{}', 'LiveChat', 0)",
        app.account
    );
    run(&app, &suspension);
    assert_eq!((plant(&app), error(&app.exchange(&code))), (None, invalid_grant()), "suspended from the product");
    app.client_id = ACCOUNTS.to_owned();
    let code = plant(&app).expect("every organization has Accounts");
    assert_eq!(app.exchange(&code).status, StatusCode::OK);
}

#[test]
fn t6_nothing_else_is_a_code_and_a_code_is_nothing_else() {
    let app = public();
    let (access, refresh) = tokens(&app.exchange(&app.code()));
    let code = app.code();
    let before = app.live();
    for other in [access.as_str(), &refresh, "dal:forged", "", &code[4..], &format!("fra:{}", &code[4..])] {
        let answer = app.exchange_with(other, &[]);
        let (status, calls) = (answer.status, answer.calls.database);
        let expected = if other.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::UNAUTHORIZED };
        assert_eq!((status, calls), (expected, 0), "{other}");
    }
    assert_eq!(error(&app.refresh(&code)), invalid_grant());
    assert_eq!(app.bearer(&code).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(&code).get("/v2/info").status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.bearer(&code).delete("/v2/token").status, StatusCode::NOT_FOUND);
    assert_eq!(app.live(), before);
    assert_eq!(app.exchange(&code).status, StatusCode::OK);
}

#[test]
fn a11_t15_duplicates_and_missing_parameters_are_refused() {
    let app = public();
    let code = app.code();
    let invalid_request = (StatusCode::UNPROCESSABLE_ENTITY, "invalid_request".to_owned());
    for name in ["code", "redirect_uri", "client_id", "grant_type"] {
        let answer = app.exchange_with(&code, &[(name, Value::Null)]);
        assert_eq!((error(&answer), answer.calls.database), (invalid_request.clone(), 0), "{name}");
    }
    let body = app.exchange_request(&code, &[]);
    let body = body.as_object().expect("an object");
    let pairs: Vec<(&String, &str)> = body.iter().map(|(name, value)| (name, value.as_str().expect("text"))).collect();
    for (name, value) in &pairs {
        let twice = pairs.iter().copied().chain([(*name, *value)]);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(twice).finish();
        let answer = app.world.ask_token(Some("application/x-www-form-urlencoded"), None, "/v2/token", &form);
        assert_eq!((error(&answer), answer.calls.database), (invalid_request.clone(), 0), "A11: {name}");
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.iter()).finish();
        let path = format!("/v2/token?{name}={value}");
        let answer = app.world.ask_token(Some("application/x-www-form-urlencoded"), None, &path, &form);
        assert_eq!(error(&answer), invalid_request, "A11: {name} in query and body");
    }
    nothing_happened(&app, &code, "A11");
}

#[test]
fn in_the_strict_profile_parameters_belong_into_the_body() {
    let mut app = public();
    app.world = app.world.reconfigured(&[("PROFILE", "strict")]);
    let code = app.code();
    let body = app.exchange_request(&code, &[]);
    let pairs = body.as_object().expect("an object").iter().map(|(name, value)| (name, value.as_str().expect("text")));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let answer = app.world.ask_token(None, None, &format!("/v2/token?{query}"), "");
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    nothing_happened(&app, &code, "strict");
    let app = confidential();
    app.world.database.execute("UPDATE client SET strict = 1");
    let body = app.exchange_request(&app.code(), &[]);
    let pairs = body.as_object().expect("an object").iter().map(|(name, value)| (name, value.as_str().expect("text")));
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    let answer = app.world.ask_token(None, None, &format!("/v2/token?{query}"), "");
    assert_eq!((answer.status, app.live()), (StatusCode::UNPROCESSABLE_ENTITY, (0, 0, 0)));
}

#[test]
fn a8_r5_a_replay_ends_what_the_code_gave() {
    for secret in [None, Some(SECRET)] {
        let app = at(World::default(), secret);
        let other = tokens(&app.exchange(&app.code()));
        let code = app.code();
        let (access, refresh) = tokens(&app.exchange(&code));
        let refreshed = tokens(&app.refresh(&refresh));
        assert_eq!(app.bearer(&access).get("/v2/info").status, StatusCode::OK, "in the cache from now on");
        assert_eq!(app.live(), (2, 3, 2));
        let replay = app.exchange(&code);
        assert_eq!((error(&replay), replay.calls.database), (invalid_grant(), 1));
        assert_eq!(app.live(), (1, 1, 1), "the other sign-in lives");
        for token in [&access, &refreshed.0] {
            assert_eq!(app.bearer(token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "at once");
            assert_eq!(app.bearer(token).delete("/v2/sessions/my").status, StatusCode::UNAUTHORIZED);
        }
        app.world.clock.advance(Duration::from_millis(60_001));
        assert_eq!(app.bearer(&access).get("/v2/info").status, StatusCode::UNAUTHORIZED, "after the staleness");
        for token in [&refresh, &refreshed.1] {
            assert_eq!(error(&app.refresh(token)), invalid_grant());
        }
        assert_eq!(app.bearer(&other.0).get("/v2/accounts/me").status, StatusCode::OK);
        assert_eq!(audited(&app, "code.reuse"), 1);
        let row: String = app.world.database.value(
            "SELECT actor_kind || ' ' || target_kind || ' ' || (target_id = session_id) || ' ' || client_id
             FROM audit_log WHERE action = 'code.reuse'",
        );
        assert_eq!(row, format!("system session 1 {}", app.client_id));
        assert_eq!((error(&app.exchange(&code)), audited(&app, "code.reuse")), (invalid_grant(), 1), "once");
    }
}

#[test]
fn a8_a_late_replay_is_noticed_for_an_hour() {
    for (seconds, noticed) in [(61, true), (3_599, true), (3_600, false), (3_700, false)] {
        let app = public();
        let code = app.code();
        let (access, _) = tokens(&app.exchange(&code));
        app.world.clock.advance(Duration::from_secs(seconds));
        let swept = futures_executor::block_on(global_accounts::usecase::sweep::sweep(&app.world.app()));
        assert!(swept.is_ok());
        assert_eq!(error(&app.exchange(&code)), invalid_grant(), "{seconds}");
        let status = app.bearer(&access).get("/v2/accounts/me").status;
        assert_eq!(status == StatusCode::UNAUTHORIZED, noticed, "{seconds}");
        assert_eq!(audited(&app, "code.reuse"), i64::from(noticed), "{seconds}");
    }
}

#[test]
fn a8_t17_a_used_code_in_another_clients_hands_ends_nothing() {
    let app = confidential();
    let other = "0123456789abcdef0123456789abcde9";
    app.world.application(other, &app.organization, None);
    app.world.application("0123456789abcdef0123456789abcde8", &app.organization, Some(SECRET));
    let code = app.code();
    let (access, _) = tokens(&app.exchange(&code));
    let foreign = [("client_id", json!(other)), ("client_secret", Value::Null)];
    assert_eq!(error(&app.exchange_with(&code, &foreign)), invalid_grant());
    let foreign = [("client_id", json!("0123456789abcdef0123456789abcde8"))];
    assert_eq!(error(&app.exchange_with(&code, &foreign)), invalid_grant());
    for secret in [Value::Null, json!("guess")] {
        assert_eq!(error(&app.exchange_with(&code, &[("client_secret", secret)])), invalid_client());
    }
    assert_eq!((app.live(), audited(&app, "code.reuse")), ((1, 1, 1), 0));
    assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::OK);
    // Its own client need not repeat the rest to be a replay.
    let wrong = [("redirect_uri", json!("https://evil.example/")), ("code_verifier", json!("x".repeat(43)))];
    assert_eq!(error(&app.exchange_with(&code, &wrong)), invalid_grant());
    assert_eq!((app.live(), audited(&app, "code.reuse")), ((0, 0, 0), 1));
}

#[test]
fn r5_twenty_exchanges_of_one_code_at_once_give_one_answer_and_leave_nothing() {
    for round in 0..10 {
        let app = if round % 2 == 0 { public() } else { confidential() };
        let code = app.code();
        let barrier = Barrier::new(20);
        let answers = at_once(20, || {
            barrier.wait();
            app.exchange(&code)
        });
        let given: Vec<&Answer> = answers.iter().filter(|answer| answer.status == StatusCode::OK).collect();
        assert_eq!(given.len(), 1);
        assert_eq!(answers.iter().filter(|answer| answer.status == StatusCode::UNAUTHORIZED).count(), 19);
        let (access, refresh) = tokens(given[0]);
        assert_eq!((app.live(), app.world.count("refresh_family"), audited(&app, "code.reuse")), ((0, 0, 0), 1, 1));
        assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
        assert_eq!(error(&app.refresh(&refresh)), invalid_grant());
    }
}

#[test]
fn r7_r8_a_code_and_the_end_of_its_session_at_once_leave_nothing() {
    for _ in 0..20 {
        let app = public();
        let code = app.code();
        let barrier = Barrier::new(2);
        let (exchanged, ended) = std::thread::scope(|scope| {
            let exchange = scope.spawn(|| {
                barrier.wait();
                app.exchange(&code)
            });
            let end = scope.spawn(|| {
                barrier.wait();
                app.owner.delete("/v2/sessions")
            });
            (exchange.join().expect("an answer"), end.join().expect("an answer"))
        });
        assert_eq!(ended.status, StatusCode::OK);
        assert_eq!(app.live(), (0, 0, 0));
        if exchanged.status == StatusCode::OK {
            let (access, refresh) = tokens(&exchanged);
            assert_eq!(app.bearer(&access).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
            assert_eq!(error(&app.refresh(&refresh)), invalid_grant());
        }
    }
}

#[test]
fn at_most_so_many_sign_ins_of_one_client_and_account() {
    let app = at(World::with(&[("TOKENS_PER_CLIENT", "3")]), None);
    let mut given = Vec::new();
    for _ in 0..5 {
        app.world.clock.advance(Duration::from_secs(1));
        given.push(tokens(&app.exchange(&app.code())));
    }
    assert_eq!(app.live(), (3, 3, 3));
    let lives = |(access, _): &(String, String)| app.bearer(access).get("/v2/accounts/me").status == StatusCode::OK;
    assert_eq!(given.iter().map(lives).collect::<Vec<_>>(), [false, false, true, true, true]);
}

#[test]
fn t4_a_role_lost_since_the_consent_narrows_the_answer() {
    let app = public();
    let member = app.world.member_of(&app.organization, "member@example.com", MEMBER);
    app.world.full_token_for(&member, &app.organization);
    let session: String =
        app.world.database.value(&format!("SELECT session_id FROM session WHERE account_id = '{member}'"));
    let whom = [app.client_id.as_str(), &member, &app.organization, &session];
    let code = app.world.plant_code(whom, SCOPES, REDIRECT_URI, s256().as_ref()).expect("a code");
    let answer = app.exchange(&code);
    assert_eq!(text(&answer, "scope"), "accounts--all:rc,accounts--my:rw,sessions--my:rw");
    let stored: String = app.world.database.value("SELECT scopes FROM refresh_family");
    assert_eq!(stored, r#"["accounts--all:rw","sessions--my:rw"]"#, "what was granted stays granted");
}

#[test]
fn when_the_database_does_not_answer_nothing_is_said() {
    let app = public();
    let code = app.code();
    app.world.database.set_fault(Some(crate::support::sqlite::Fault::BeforeCommit));
    assert_eq!(app.exchange(&code).status, StatusCode::SERVICE_UNAVAILABLE);
    app.world.database.set_fault(None);
    nothing_happened(&app, &code, "I2");
}
