//! Sessions in browsers: their cookies, their number, their ends (rows S1-S6, A19, I2).

use std::time::Duration;

use http::{Method, StatusCode};

use crate::support::authorize::{
    PASSWORD, PRIVATE, Stage, body_of, code_of, code_request, given, parameter, title, token_request, url,
};
use crate::support::browser::{Browser, EMBEDDED, SESSION};
use crate::support::client::{Answer, World};
use crate::support::oauth::{REDIRECT_URI, tokens};
use crate::support::sqlite::Fault;

/// Somebody at the form, signed in by it.
fn signed_in(stage: &Stage, email: &str) -> Browser {
    let browser = stage.world.browser();
    browser.get("/signin");
    let answer = browser.sign_in(email, PASSWORD);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    browser
}

fn session_of(browser: &Browser) -> String {
    let digest = browser.session_digest();
    let sql = format!("SELECT session_id FROM session WHERE cookie_digest = '{}'", digest.as_str());
    browser.world.database.value(&sql)
}

fn live(stage: &Stage) -> i64 {
    stage.world.rows("session WHERE ended_at IS NULL AND cookie_digest IS NOT NULL")
}

fn is_out(browser: &Browser) {
    assert_eq!(browser.copy().get("/account").header("location"), "/?identity_exception=unauthorized");
    assert_eq!(title(&browser.copy().ask(&code_request(PRIVATE))), "Sign in");
}

fn sign_out_from(browser: &Browser, site: Option<&str>, purpose: Option<&str>) -> Answer {
    let headers = [("sec-fetch-site", site), ("sec-purpose", purpose)];
    let headers: Vec<_> = headers.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    browser.request(Method::GET, "/signout", &headers, "")
}

/// The attributes themselves are asserted by the browser of the tests, for every cookie there is.
#[test]
fn s1_s2_a_sign_in_gives_two_cookies_and_stores_neither() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    let page = browser.get("/signin");
    assert_eq!(page.headers.get_all("set-cookie").iter().count(), 1, "which browser it is");
    let answer = browser.sign_in("owner@example.com", PASSWORD);
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    let days = |cookie: &str| cookie.contains(&format!("Max-Age={}", 90 * 24 * 3_600));
    assert!(answer.headers.get_all("set-cookie").iter().all(|cookie| days(cookie.to_str().expect("ASCII"))));
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "S8");
    assert_eq!(answer.header("access-control-allow-origin"), "", "S7");
    let cookies = ["__Host-browser", SESSION, EMBEDDED].map(|name| browser.cookie(name).expect("a cookie"));
    let cells = stage.world.database.dump();
    for cookie in &cookies {
        assert!(!cells.iter().any(|(.., text)| text.contains(body_of(cookie))), "S2");
        assert!(!stage.world.lines().concat().contains(body_of(cookie)), "L4");
    }
    let handle = browser.follow(&answer);
    assert!(!cookies.iter().any(|cookie| handle.text.contains(body_of(cookie))), "S2");
}

#[test]
fn a19_every_sign_in_gives_fresh_cookies_and_the_old_ones_are_dead() {
    let stage = Stage::default();
    let browser = signed_in(&stage, "owner@example.com");
    let (session, old) = (session_of(&browser), browser.copy());
    browser.get(&url("/signin", &token_request(PRIVATE)));
    let answer = browser.follow(&browser.sign_in("owner@example.com", PASSWORD));
    let token = parameter(&given(&answer, REDIRECT_URI), "access_token");
    assert_eq!(session_of(&browser), session, "the same account goes on with its session");
    for name in [SESSION, EMBEDDED] {
        assert_ne!(browser.cookie(name), old.cookie(name), "A19 {name}");
    }
    is_out(&old);
    let older = browser.copy();

    // Another account: the browser leaves the session, whose tokens live on.
    browser.get("/signin");
    browser.sign_in("vendor@example.com", PASSWORD);
    assert_ne!(session_of(&browser), session);
    is_out(&older);
    assert_eq!(stage.world.bearer(&token).get("/v2/accounts/me").status, StatusCode::OK);
    let detached = format!("session WHERE session_id = '{session}' AND ended_at IS NULL AND cookie_digest IS NULL");
    assert_eq!(stage.world.rows(&detached), 1);
}

/// A cookie that somebody planted before is nobody's session (session fixation).
#[test]
fn a19_a_planted_cookie_is_not_signed_in_by_a_sign_in() {
    let stage = Stage::default();
    let attacker = signed_in(&stage, "vendor@example.com");
    let victim = attacker.copy();
    victim.get("/signin");
    victim.sign_in("owner@example.com", PASSWORD);
    is_out(&attacker);
    assert!(victim.get("/account").text.contains("owner@example.com"));
}

#[test]
fn at_most_so_many_sessions_the_oldest_ends_and_the_person_is_told() {
    let stage = Stage::of(World::with(&[("MAX_SESSIONS", "2")]));
    let mut browsers = Vec::new();
    for _ in 0..3 {
        stage.world.clock.advance(Duration::from_secs(40));
        let browser = stage.world.browser();
        browser.ask(&token_request(PRIVATE));
        let answer = browser.follow(&browser.sign_in("owner@example.com", PASSWORD));
        browsers.push((browser, parameter(&given(&answer, REDIRECT_URI), "access_token")));
    }
    is_out(&browsers[0].0);
    let lives = |token: &str| stage.world.bearer(token).get("/v2/accounts/me").status;
    assert_eq!(lives(&browsers[0].1), StatusCode::UNAUTHORIZED, "with everything that was given in it");
    for (browser, token) in &browsers[1..] {
        assert_eq!((browser.get("/account").status, lives(token)), (StatusCode::OK, StatusCode::OK));
    }
    let told = format!("outbox WHERE template = 'oldest_session_ended' AND recipient_id = '{}'", stage.cast.owner.id);
    assert_eq!((live(&stage), stage.world.rows(&told)), (2, 1));
    // A renewal is no further session.
    browsers[2].0.get("/signin");
    browsers[2].0.sign_in("owner@example.com", PASSWORD);
    assert_eq!((live(&stage), stage.world.rows(&told)), (2, 1));
    // Nor are other accounts' sessions counted.
    signed_in(&stage, "vendor@example.com");
    assert_eq!((live(&stage), stage.world.rows("outbox WHERE template <> 'new_device'")), (3, 1));
    assert_eq!(stage.world.cache.written().len(), stage.world.cache.written().len());
}

#[test]
fn s3_idle_and_absolute_ends_hold_at_the_authorization_endpoint() {
    for (column, name) in [("idle_expires_at", "idle"), ("expires_at", "absolute"), ("ended_at", "ended")] {
        let stage = Stage::default();
        let browser = signed_in(&stage, "owner@example.com");
        code_of(&browser.ask(&code_request(PRIVATE)));
        let now = 1_700_000_000_000_i64;
        stage.world.database.execute(&format!("UPDATE session SET {column} = {now}"));
        let answers = stage.world.answers();
        is_out(&browser);
        let frame = browser.ask_framed(&crate::support::authorize::but(token_request(PRIVATE), "flow", Some("button")));
        assert!(frame.text.contains("unauthorized"), "{name}");
        assert_eq!(stage.world.answers(), answers, "{name}");
    }
    let stage = Stage::default();
    let browser = signed_in(&stage, "owner@example.com");
    stage.world.clock.advance(Duration::from_hours(90 * 24));
    let answer = browser.ask(&code_request(PRIVATE));
    assert_eq!((title(&answer).as_str(), answer.calls.database), ("Sign in", 2), "F2: the cookie says so itself");
}

/// The session ends between the look and the answer.
#[test]
fn r8_a_session_that_ends_meanwhile_gives_no_answer() {
    for end in [
        "UPDATE session SET ended_at = 1",
        "UPDATE account SET token_epoch = token_epoch + 1",
        "UPDATE membership SET suspended = 1",
    ] {
        let stage = Stage::default();
        let browser = signed_in(&stage, "owner@example.com");
        stage.world.database.meanwhile(1, end);
        let answer = browser.ask(&code_request(PRIVATE));
        assert_eq!(answer.header("location"), "/?identity_exception=identity_lost", "{end}: {}", answer.text);
        assert_eq!(stage.world.answers(), 0, "{end}");
    }
}

#[test]
fn a17_who_comes_from_elsewhere_is_asked_before_the_session_ends() {
    let stage = Stage::default();
    let browser = signed_in(&stage, "owner@example.com");
    let elsewhere = [
        (None, None),
        (Some("cross-site"), None),
        (Some("same-site"), None),
        (Some("none"), Some("prefetch")),
        (Some("same-origin"), Some("prefetch;prerender")),
        (Some(""), None),
    ];
    let before = stage.world.database.dump();
    for (site, purpose) in elsewhere {
        let page = sign_out_from(&browser, site, purpose);
        assert_eq!((title(&page).as_str(), page.calls.database), ("Sign out?", 0), "{site:?} {purpose:?}");
        assert!(!page.headers.contains_key("set-cookie"), "{site:?}");
    }
    assert!(stage.world.database.dump() == before, "nothing ended");
    let answer = browser.post("/signout", &[]);
    assert_eq!(title(&answer), "You are signed out");
    assert!(browser.cookie(SESSION).is_none() && browser.cookie(EMBEDDED).is_none());
    assert_eq!((live(&stage), stage.world.rows("audit_log WHERE action = 'session.end'")), (0, 1));
}

#[test]
fn s3_s4_sign_out_ends_the_session_and_its_tokens_at_once() {
    for site in ["none", "same-origin"] {
        let stage = Stage::default();
        let browser = signed_in(&stage, "owner@example.com");
        let code = code_of(&browser.ask(&code_request(PRIVATE)));
        let (access, refresh) = tokens(&stage.world.exchange_code(PRIVATE, &code, REDIRECT_URI));
        let pending = code_of(&browser.ask(&code_request(PRIVATE)));
        let implicit = parameter(&given(&browser.ask(&token_request(PRIVATE)), REDIRECT_URI), "access_token");
        let (copy, other) = (browser.copy(), signed_in(&stage, "owner@example.com"));
        let answer = sign_out_from(&browser, Some(site), None);
        assert_eq!((title(&answer).as_str(), answer.calls.database), ("You are signed out", 1), "{site}");
        assert!(browser.cookie(SESSION).is_none() && browser.cookie(EMBEDDED).is_none());
        is_out(&copy);
        for token in [&access, &implicit] {
            assert_eq!(stage.world.bearer(token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "{site}");
        }
        let body = serde_json::json!({"grant_type": "refresh_token", "client_id": PRIVATE, "refresh_token": refresh});
        let refreshed = stage.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string());
        assert_eq!(refreshed.json()["error"], "invalid_grant", "{site}");
        let exchanged = stage.world.exchange_code(PRIVATE, &pending, REDIRECT_URI);
        assert_eq!(exchanged.json()["error"], "invalid_grant", "{site}: a code that waits, too");
        assert_eq!(other.get("/account").status, StatusCode::OK, "another browser stays");
        let again = sign_out_from(&browser, Some(site), None);
        assert_eq!((title(&again).as_str(), again.calls.database), ("You are signed out", 0), "again is no error");
    }
}

#[test]
fn i2_a_sign_out_that_storage_did_not_do_is_not_told_as_one() {
    let stage = Stage::default();
    let browser = signed_in(&stage, "owner@example.com");
    let before = stage.world.database.dump();
    sign_out_from(&browser, Some("cross-site"), None);
    stage.world.database.set_fault(Some(Fault::BeforeCommit));
    for answer in [sign_out_from(&browser, Some("none"), None), browser.copy().post("/signout", &[])] {
        assert_eq!(answer.header("location"), "/ooops?oauth_exception=server_error");
        assert!(!answer.headers.contains_key("set-cookie"), "the cookies are kept");
    }
    stage.world.database.set_fault(None);
    assert!(stage.world.database.dump() == before);
    assert_eq!(browser.get("/account").status, StatusCode::OK, "still signed in, as was told");
}

#[test]
fn defaults_clears_the_cookies_and_ends_no_session() {
    let stage = Stage::default();
    let browser = signed_in(&stage, "owner@example.com");
    let before = stage.world.database.dump();
    let foreign = browser.copy();
    let answer = foreign.request(Method::GET, "/defaults", &[("sec-fetch-site", "cross-site")], "");
    assert!(!answer.headers.contains_key("set-cookie"), "no page elsewhere takes them");
    for site in [None, Some("none"), Some("same-origin")] {
        let browser = browser.copy();
        let headers: Vec<_> = site.map(|site| ("sec-fetch-site", site)).into_iter().collect();
        let answer = browser.request(Method::GET, "/defaults", &headers, "");
        assert_eq!((answer.status, answer.header("location"), answer.calls.database), (StatusCode::SEE_OTHER, "/", 0));
        for name in ["__Host-browser", SESSION, EMBEDDED] {
            assert_eq!(browser.cookie(name), None, "{name}");
        }
    }
    assert!(stage.world.database.dump() == before);
}
