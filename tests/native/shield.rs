//! The platform's own counting of requests, before the service counts anything (row E3).

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use global_accounts::http::router::ROUTES;
use http::{Method, StatusCode};

use crate::support::client::{Answer, World};
use crate::support::routes::path;

fn sign_up(world: &World) -> Answer {
    let body = serde_json::json!({"email": "a@example.com", "password": "BG0SaleEBL"});
    world.anonymous().post("/v2/organizations", &body)
}

#[test]
fn only_where_a_stranger_can_make_the_service_work_the_platform_is_asked() {
    let world = World::default();
    let mut asked = BTreeSet::new();
    for route in ROUTES {
        let before = world.shield.asked().len();
        world.with_headers(route.method.clone(), &path(route), &[("origin", "http://localhost")], Body::empty());
        for (gate, source) in &world.shield.asked()[before..] {
            assert_eq!(source, "192.0.2.1");
            asked.insert(format!("{gate:?} {} {}", route.method, route.path));
        }
    }
    let expected = [
        "Applications POST /token",
        "Applications POST /v2/token",
        "People POST /forgot",
        "People POST /invitation/signin",
        "People POST /invitation/signup",
        "People POST /operator/commands",
        "People POST /reset",
        "People POST /signin",
        "People POST /signin/passkey",
        "People POST /signin/passkey/options",
        "People POST /signup",
        "People POST /v2/organizations",
        "Visits GET /",
        "Visits GET /signin",
        "Visits GET /signin/signup",
        "Visits GET /signup",
    ];
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn e3_a_flood_of_one_network_is_refused_without_any_storage() {
    let world = World::default();
    world.shield.admit(Some(3));
    for at in 0..3 {
        world.come_from(&format!("2001:db8:1:2::{at:x}"));
        assert_ne!(sign_up(&world).status, StatusCode::TOO_MANY_REQUESTS);
    }
    world.come_from("2001:db8:1:2:ffff::1");
    let touched = world.touched();
    let refused = sign_up(&world);
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(world.touched(), touched, "no storage");
    world.come_from("2001:db8:1:3::1");
    assert_ne!(sign_up(&world).status, StatusCode::TOO_MANY_REQUESTS, "another network");
}

#[test]
fn people_and_applications_are_told_in_their_own_words() {
    let world = World::default();
    let browser = world.browser();
    browser.get("/signin");
    world.shield.admit(Some(0));
    let told = browser.sign_in("a@example.com", "BG0SaleEBL");
    assert_eq!(
        (told.status, told.header("retry-after"), told.calls.database),
        (StatusCode::TOO_MANY_REQUESTS, "60", 0)
    );
    assert!(told.text.contains("Too many attempts"), "{}", told.text);
    let told = world.ask_token(Some("application/json"), None, "/v2/token", "{}");
    assert_eq!((told.status, told.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    assert_eq!(told.json()["error"], "temporarily_unavailable");
}

#[test]
fn a_shield_that_fails_or_waits_too_long_lets_everybody_pass() {
    let world = World::default();
    world.shield.admit(Some(0));
    world.shield.fail(true);
    assert_eq!(sign_up(&world).status, StatusCode::OK);
    world.shield.fail(false);
    world.shield.slow_down(Some((world.clock.clone(), Duration::from_millis(50))));
    assert_eq!(sign_up(&world).status, StatusCode::TOO_MANY_REQUESTS);
    world.shield.slow_down(Some((world.clock.clone(), Duration::from_millis(51))));
    assert_eq!(sign_up(&world).status, StatusCode::CONFLICT, "it passes: the counters in the database stay");
}

#[test]
fn a_deployment_for_development_asks_nobody() {
    let world = World::with(&[("LIMITS", "dev")]);
    world.shield.admit(Some(0));
    assert_eq!(sign_up(&world).status, StatusCode::OK);
    assert!(world.shield.asked().is_empty());
    let preflight = World::default();
    preflight.shield.admit(Some(0));
    let headers = [("origin", "https://app.example"), ("access-control-request-method", "POST")];
    let answer = preflight.with_headers(Method::OPTIONS, "/v2/token", &headers, Body::empty());
    assert!(answer.status.is_success(), "a preflight is no request yet");
}
