//! How often a password may be guessed (rows E3, E4).

use std::time::Duration;

use http::StatusCode;

use crate::support::at_once::at_once;
use crate::support::authorize::{PASSWORD, Stage};
use crate::support::browser::{Browser, EMBEDDED, SESSION};
use crate::support::client::{Answer, World};

fn at_the_form(stage: &Stage) -> Browser {
    let browser = stage.world.browser();
    browser.get("/signin");
    browser
}

fn guess(page: &Browser, email: &str) -> Answer {
    page.copy().sign_in(email, "wrong-password")
}

/// Told in its place, before any hash.
fn throttled(stage: &Stage, hashes: u64, answer: &Answer) {
    assert_eq!((answer.status, answer.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1), "{}", answer.text);
    assert!(answer.text.contains("Too many attempts"), "{}", answer.text);
    assert!(answer.header("retry-after").parse::<u64>().is_ok_and(|seconds| seconds > 0));
    assert!(!answer.headers.contains_key("set-cookie"));
    assert_eq!(stage.world.isolate_hashes(), hashes, "before the hash");
}

#[test]
fn e3_an_address_is_guessed_at_so_often_from_wherever() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "3")]));
    let page = at_the_form(&stage);
    for email in ["owner@example.com", "nobody@example.com"] {
        for (at, ip) in ["192.0.2.1", "192.0.2.2", "2001:db8::1"].into_iter().enumerate() {
            stage.world.come_from(ip);
            assert_eq!(guess(&page, email).status, StatusCode::UNAUTHORIZED, "{email} {at}");
        }
        stage.world.come_from("192.0.2.9");
        let hashes = stage.world.isolate_hashes();
        throttled(&stage, hashes, &guess(&page, &email.to_uppercase()));
        throttled(&stage, hashes, &page.copy().sign_in(email, PASSWORD));
    }
    assert_eq!(page.copy().sign_in("vendor@example.com", PASSWORD).status, StatusCode::SEE_OTHER, "another address");
    assert_eq!(stage.world.rows("session WHERE cookie_digest IS NOT NULL"), 1);
    // Waiting helps, trying on does not lengthen it.
    let page = at_the_form(&stage);
    stage.world.clock.advance(Duration::from_secs(59));
    assert_eq!(guess(&page, "owner@example.com").header("retry-after"), "1");
    stage.world.clock.advance(Duration::from_secs(1));
    assert_eq!(page.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
    let page = at_the_form(&stage);
    for _ in 0..3 {
        assert_eq!(guess(&page, "owner@example.com").status, StatusCode::UNAUTHORIZED);
    }
    let named = stage.world.database.dump();
    assert!(named.iter().all(|(table, _, text)| table != "throttle" || !text.contains("example.com")), "E4");
}

#[test]
fn e3_a_right_password_begins_the_count_anew() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "3")]));
    for _ in 0..3 {
        let page = at_the_form(&stage);
        for _ in 0..2 {
            assert_eq!(guess(&page, "owner@example.com").status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(page.sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
        assert_eq!(stage.world.rows("throttle WHERE bucket LIKE 'password:%'"), 0);
    }
}

#[test]
fn e3_a_network_tries_so_often_whatever_it_tries() {
    let stage = Stage::of(World::with(&[("SIGN_INS_PER_HOUR", "4")]));
    let page = at_the_form(&stage);
    for at in 0..4 {
        stage.world.come_from(&format!("2001:db8:1:2::{at:x}"));
        assert_eq!(guess(&page, &format!("{at}@example.com")).status, StatusCode::UNAUTHORIZED, "{at}");
    }
    let hashes = stage.world.isolate_hashes();
    stage.world.come_from("2001:db8:1:2:ffff::1");
    throttled(&stage, hashes, &page.copy().sign_in("owner@example.com", PASSWORD));
    let forged = page.copy();
    let body = format!("form={}&email=owner%40example.com&password={PASSWORD}", page.form());
    let headers = [
        ("origin", "http://localhost"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-forwarded-for", "198.51.100.1"),
        ("x-real-ip", "198.51.100.1"),
        ("forwarded", "for=198.51.100.1"),
    ];
    throttled(&stage, hashes, &forged.request(http::Method::POST, "/signin", &headers, &body));
    stage.world.come_from("2001:db8:1:3::1");
    assert_eq!(page.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER, "another network");
}

#[test]
fn e4_twenty_guesses_at_once_are_evaluated_no_more_often_than_the_limit() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "5")]));
    let page = at_the_form(&stage);
    let hashes = stage.world.isolate_hashes();
    let statuses = at_once(20, || guess(&page, "owner@example.com").status);
    let of = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((of(StatusCode::UNAUTHORIZED), of(StatusCode::TOO_MANY_REQUESTS)), (5, 15), "{statuses:?}");
    assert_eq!(stage.world.isolate_hashes() - hashes, 5);
    assert_eq!(page.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stage.world.rows("session WHERE cookie_digest IS NOT NULL"), 0);
}

#[test]
fn e3_further_guesses_come_at_growing_distances_and_never_end() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "3")]));
    for email in ["owner@example.com", "nobody@example.com"] {
        let page = at_the_form(&stage);
        for _ in 0..2 {
            assert_eq!(guess(&page, email).status, StatusCode::UNAUTHORIZED);
        }
        for minutes in [1, 2, 4, 8, 15, 15, 15] {
            let hashes = stage.world.isolate_hashes();
            assert_eq!(guess(&page, email).status, StatusCode::UNAUTHORIZED, "{email}: {minutes}");
            assert_eq!(stage.world.isolate_hashes(), hashes + 1);
            let refused = guess(&page, email);
            assert_eq!(refused.header("retry-after"), (minutes * 60).to_string(), "{email}");
            throttled(&stage, hashes + 1, &refused);
            stage.world.clock.advance(Duration::from_mins(minutes));
        }
    }
    let page = at_the_form(&stage);
    assert_eq!(page.sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER, "no lock");
    // A day without a guess begins anew.
    stage.world.clock.advance(Duration::from_hours(24));
    let page = at_the_form(&stage);
    for _ in 0..3 {
        assert_eq!(guess(&page, "nobody@example.com").status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(guess(&page, "nobody@example.com").header("retry-after"), "60");
}

/// A browser that has signed in to the account, now signed out and at the form.
fn known_browser(stage: &Stage) -> Browser {
    let browser = at_the_form(stage);
    assert_eq!(browser.sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
    for cookie in [SESSION, EMBEDDED] {
        browser.remove_cookie(cookie);
    }
    browser.get("/signin");
    browser
}

#[test]
fn e3_nobody_elsewhere_keeps_the_owner_out_of_a_known_browser() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "3"), ("SIGN_INS_PER_HOUR", "5")]));
    let known = known_browser(&stage);
    let stranger = at_the_form(&stage);
    for _ in 0..8 {
        guess(&stranger, "owner@example.com");
    }
    let hashes = stage.world.isolate_hashes();
    throttled(&stage, hashes, &stranger.copy().sign_in("owner@example.com", PASSWORD));
    stage.world.come_from("198.51.100.7");
    throttled(&stage, hashes, &stranger.copy().sign_in("owner@example.com", PASSWORD));
    for ip in ["192.0.2.1", "198.51.100.7"] {
        stage.world.come_from(ip);
        assert_eq!(known.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER, "{ip}");
    }
    // Its right password does not lift the limit for others.
    throttled(&stage, stage.world.isolate_hashes(), &stranger.copy().sign_in("owner@example.com", PASSWORD));
    assert_eq!(stage.world.rows("throttle WHERE bucket LIKE 'password_device:%'"), 0, "begun anew");
}

#[test]
fn e3_e4_a_stolen_browser_cookie_has_one_counter_and_no_more() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "5")]));
    let stolen = known_browser(&stage);
    let hashes = stage.world.isolate_hashes();
    let statuses = at_once(20, || guess(&stolen, "owner@example.com").status);
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::UNAUTHORIZED).count(), 5, "{statuses:?}");
    assert_eq!(stage.world.isolate_hashes() - hashes, 5);
    throttled(&stage, hashes + 5, &stolen.copy().sign_in("owner@example.com", PASSWORD));
    // The account is known to be somebody else's to that browser; and whoever signs in elsewhere is not kept out.
    for _ in 0..5 {
        assert_eq!(guess(&stolen, "vendor@example.com").status, StatusCode::UNAUTHORIZED);
    }
    let elsewhere = at_the_form(&stage);
    throttled(&stage, hashes + 10, &guess(&elsewhere, "vendor@example.com"));
    assert_eq!(elsewhere.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
}

#[test]
fn e3_a_browser_is_known_for_400_days_and_not_beyond() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "1")]));
    let known = known_browser(&stage);
    let stranger = at_the_form(&stage);
    assert_eq!(guess(&stranger, "owner@example.com").status, StatusCode::UNAUTHORIZED);
    assert_eq!(known.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
    stage.world.database.execute("UPDATE known_device SET expires_at = 1700000000000");
    throttled(&stage, stage.world.isolate_hashes(), &known.copy().sign_in("owner@example.com", PASSWORD));
}

#[test]
fn e3_what_everybody_tries_slows_networks_and_refuses_nobody_for_it_alone() {
    let stage = Stage::of(World::with(&[("ALL_SIGN_INS_PER_MINUTE", "10"), ("SIGN_INS_PER_HOUR", "10")]));
    let known = known_browser(&stage);
    let page = at_the_form(&stage);
    for at in 0..10 {
        stage.world.come_from(&format!("198.51.100.{at}"));
        assert_eq!(guess(&page, &format!("{at}@example.com")).status, StatusCode::UNAUTHORIZED, "{at}");
    }
    stage.world.come_from("203.0.113.1");
    for _ in 0..2 {
        assert_eq!(guess(&page, "somebody@example.com").status, StatusCode::UNAUTHORIZED, "a fifth of ten");
    }
    let refused = guess(&page, "somebody@example.com");
    assert_eq!(refused.header("retry-after"), "3600");
    throttled(&stage, stage.world.isolate_hashes(), &refused);
    assert_eq!(known.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
    stage.world.clock.advance(Duration::from_mins(1));
    assert_eq!(guess(&page, "somebody@example.com").status, StatusCode::UNAUTHORIZED, "the rush is over");
}

#[test]
fn e3_many_sign_ups_of_everybody_slow_networks_and_refuse_nobody_s_first() {
    let stage = Stage::default();
    let settings = [("ALL_SIGN_UPS_PER_HOUR", "3"), ("SIGN_UPS_PER_HOUR", "5")];
    let world = stage.world.reconfigured(&settings);
    let body = |email: &str| serde_json::json!({"email": email, "password": PASSWORD});
    for (at, expected) in [(1, StatusCode::OK), (2, StatusCode::OK)] {
        world.come_from(&format!("198.51.100.{at}"));
        let answer = world.anonymous().post("/v2/organizations", &body(&format!("{at}@example.com")));
        assert_eq!(answer.status, expected, "{at}: {}", answer.text);
    }
    let again = world.anonymous().post("/v2/organizations", &body("again@example.com"));
    assert_eq!(again.status, StatusCode::TOO_MANY_REQUESTS, "more than a fifth of five");
    assert_eq!(world.rows("account WHERE email_key = 'again@example.com'"), 0);
    world.come_from("198.51.100.9");
    assert_eq!(world.anonymous().post("/v2/organizations", &body("9@example.com")).status, StatusCode::OK);
}

#[test]
fn e4_p10_guesses_at_the_present_password_are_counted_together_wherever_it_is_asked_for() {
    let stage = Stage::of(World::with(&[("PASSWORD_ATTEMPTS", "5")]));
    let (organization, owner) = (&stage.cast.organization, &stage.cast.owner);
    let path = format!("/v2/organizations/{organization}/ownership");
    let body = serde_json::json!({"account_id": stage.cast.administrator.id, "password": "wrong-password"});
    let hashes = stage.world.isolate_hashes();
    let statuses = at_once(20, || owner.client.post(&path, &body).status);
    let of = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((of(StatusCode::FORBIDDEN), of(StatusCode::TOO_MANY_REQUESTS)), (5, 15), "{statuses:?}");
    assert_eq!(stage.world.isolate_hashes() - hashes, 5);
    let page = stage.owner();
    page.get("/account");
    let fields = [("current_password", PASSWORD), ("password", "another-one-7")];
    let refused = page.post("/account/password", &fields);
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(stage.world.isolate_hashes() - hashes, 5, "before the hash");
    stage.world.clock.advance(Duration::from_mins(1));
    page.get("/account");
    assert_eq!(page.post("/account/password", &fields).status, StatusCode::SEE_OTHER);
    assert_eq!(stage.world.rows("throttle WHERE bucket LIKE 'current_password:%'"), 0, "a right one begins anew");
}

#[test]
fn sign_ups_of_a_network_are_limited_before_the_hash() {
    let stage = Stage::default();
    let stage = Stage { world: stage.world.reconfigured(&[("SIGN_UPS_PER_HOUR", "3")]), ..stage };
    let browser = stage.world.browser();
    browser.get("/signup");
    let page = browser.copy();
    let sign_up =
        |email: &str| page.copy().post("/signup", &[("email", email), ("password", PASSWORD), ("name", "New")]);
    assert_eq!(sign_up("a@example.com").status, StatusCode::SEE_OTHER, "the third of the stage's network");
    let (hashes, accounts) = (stage.world.isolate_hashes(), stage.world.rows("account"));
    throttled(&stage, hashes, &sign_up("b@example.com"));
    assert_eq!(stage.world.rows("account"), accounts);
}
