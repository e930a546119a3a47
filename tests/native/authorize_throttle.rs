//! How often a password may be guessed (rows E3, E4).

use std::time::Duration;

use http::StatusCode;

use crate::support::authorize::{PASSWORD, Stage};
use crate::support::browser::Browser;
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
    stage.world.clock.advance(Duration::from_secs(15 * 60 - 1));
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
    let statuses: Vec<StatusCode> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..20).map(|_| scope.spawn(|| guess(&page, "owner@example.com").status)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let of = |status| statuses.iter().filter(|found| **found == status).count();
    assert_eq!((of(StatusCode::UNAUTHORIZED), of(StatusCode::TOO_MANY_REQUESTS)), (5, 15), "{statuses:?}");
    assert_eq!(stage.world.isolate_hashes() - hashes, 5);
    assert_eq!(page.copy().sign_in("owner@example.com", PASSWORD).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(stage.world.rows("session WHERE cookie_digest IS NOT NULL"), 0);
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
