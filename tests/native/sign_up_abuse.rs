//! Sign-ups that nobody wants: the challenge that an operator may switch on, addresses made to be thrown away.

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::browser::Browser;
use crate::support::client::{Answer, World};

const PASSWORD: &str = "BG0SaleEBL";
const VERIFY: &str = "http://127.0.0.1:9/siteverify";
const SETTINGS: &[(&str, &str)] = &[
    ("TURNSTILE_SITE_KEY", "1x00000000000000000000AA"),
    ("TURNSTILE_SECRET", "canary-turnstile-secret"),
    ("TURNSTILE_URL", VERIFY),
    ("PUBLIC_URL", "https://accounts.example.com:8443"),
];
const RIGHT: &str = r#"{"success": true, "hostname": "accounts.example.com", "action": "signup", "cdata": ""}"#;

fn at_the_form(world: &World) -> Browser {
    let browser = world.browser();
    assert_eq!(browser.get("/signup").status, StatusCode::OK);
    browser
}

fn send(browser: &Browser, email: &str, answer: &str) -> Answer {
    let fields = [("email", email), ("password", PASSWORD), ("name", "Anna"), ("cf-turnstile-response", answer)];
    browser.copy().post("/signup", &fields)
}

fn api(world: &World, email: &str, answer: Value) -> Answer {
    world
        .anonymous()
        .post("/v2/organizations", &json!({"email": email, "password": PASSWORD, "turnstile_token": answer}))
}

#[test]
fn without_the_setting_there_is_no_challenge_and_no_widget() {
    let world = World::default();
    let page = world.browser().get("/signup");
    assert!(!page.text.contains("turnstile") && !page.header("content-security-policy").contains("cloudflare"));
    assert_eq!(api(&world, "a@example.com", Value::Null).status, StatusCode::OK);
    assert!(world.outbound.asked.lock().expect("lock").is_empty());
}

#[test]
fn a16_the_widget_is_on_the_sign_up_form_alone() {
    let world = World::with(SETTINGS);
    for path in ["/signup", "/signin/signup", "/signin", "/forgot", "/"] {
        let page = world.browser().get(path);
        let widget = matches!(path, "/signup" | "/signin/signup");
        assert_eq!(page.text.contains("data-sitekey=\"1x00000000000000000000AA\""), widget, "{path}");
        assert_eq!(page.text.contains("https://challenges.cloudflare.com/turnstile/v0/api.js"), widget, "{path}");
        let policy = page.header("content-security-policy");
        assert_eq!(policy.matches("https://challenges.cloudflare.com").count(), if widget { 2 } else { 0 }, "{policy}");
        assert!(!page.text.contains("canary-turnstile-secret"), "{path}");
    }
}

#[test]
fn a_sign_up_without_an_answer_costs_nothing() {
    let world = World::with(SETTINGS);
    let page = at_the_form(&world);
    let (hashes, accounts) = (world.isolate_hashes(), world.rows("account"));
    for answer in ["", &"x".repeat(2_049)] {
        let told = send(&page, "a@example.com", answer);
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.text.contains("tells people from programs"), "{}", told.text);
        assert!(told.text.contains("cf-turnstile"), "the form again, with its widget");
    }
    for answer in [Value::Null, json!(""), json!(7)] {
        let told = api(&world, "a@example.com", answer);
        assert_eq!((told.status, told.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{}", told.text);
        assert!(told.json()["invalid_fields"]["turnstile_token"].is_string(), "{}", told.text);
    }
    assert!(world.outbound.asked.lock().expect("lock").is_empty(), "nobody was asked");
    assert_eq!((world.isolate_hashes(), world.rows("account")), (hashes, accounts));
    assert_eq!(world.rows("throttle"), 0);
}

#[test]
fn a_right_answer_lets_the_sign_up_pass_and_tells_nothing_of_the_person() {
    let world = World::with(SETTINGS);
    world.outbound.says(VERIFY, RIGHT);
    assert_eq!(send(&at_the_form(&world), "a@example.com", "an+answer&more").status, StatusCode::SEE_OTHER);
    assert_eq!(api(&world, "b@example.com", json!("another")).status, StatusCode::OK);
    let asked = world.outbound.asked.lock().expect("lock").clone();
    let form = |answer: &str| (VERIFY.to_owned(), format!("secret=canary-turnstile-secret&response={answer}"));
    assert_eq!(asked, [form("an%2Banswer%26more"), form("another")]);
    assert_eq!(world.rows("account"), 2);
    assert!(!world.lines().iter().any(|line| line.contains("canary") || line.contains("an+answer")), "L4");
}

#[test]
fn an_answer_that_is_wrong_or_of_another_form_is_none() {
    for verdict in [
        r#"{"success": false, "hostname": "accounts.example.com", "action": "signup"}"#,
        r#"{"success": true, "hostname": "evil.example", "action": "signup"}"#,
        r#"{"success": true, "hostname": "accounts.example.com", "action": "login"}"#,
        r#"{"success": true}"#,
    ] {
        let world = World::with(SETTINGS);
        world.outbound.says(VERIFY, verdict);
        let hashes = world.isolate_hashes();
        assert_eq!(
            send(&at_the_form(&world), "a@example.com", "x").status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{verdict}"
        );
        assert_eq!(api(&world, "a@example.com", json!("x")).status, StatusCode::UNPROCESSABLE_ENTITY, "{verdict}");
        assert_eq!((world.isolate_hashes(), world.rows("account"), world.rows("outbox")), (hashes, 0, 0), "{verdict}");
        assert_eq!(world.rows("throttle WHERE bucket LIKE 'sign_up:%' AND hits = 2"), 1, "both are counted");
    }
}

#[test]
fn while_nobody_can_be_asked_nobody_signs_up() {
    let world = World::with(SETTINGS);
    let page = at_the_form(&world);
    for verdict in [None, Some("no json"), Some("[]")] {
        if let Some(verdict) = verdict {
            world.outbound.says(VERIFY, verdict);
        }
        let told = api(&world, "a@example.com", json!("x"));
        assert_eq!(told.status, StatusCode::SERVICE_UNAVAILABLE, "{}", told.text);
        let told = send(&page, "a@example.com", "x");
        assert_eq!(told.header("location"), "/ooops?oauth_exception=server_error");
    }
    world.outbound.fall_silent();
    assert_eq!(api(&world, "a@example.com", json!("x")).status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((world.rows("account"), world.isolate_hashes()), (0, 0));
    // Who is there already is not concerned.
    assert_eq!(page.copy().get("/signin").status, StatusCode::OK);
}

/// Whether an address is free is told only to who answered.
#[test]
fn e2_a_known_address_is_told_behind_the_challenge() {
    let world = World::default();
    world.sign_up("known@example.com");
    let world = world.reconfigured(SETTINGS);
    world.outbound.says(VERIFY, r#"{"success": false}"#);
    for email in ["known@example.com", "free@example.com"] {
        assert_eq!(api(&world, email, json!("x")).status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
    }
    world.outbound.says(VERIFY, RIGHT);
    assert_eq!(api(&world, "known@example.com", json!("x")).status, StatusCode::CONFLICT);
}

#[test]
fn addresses_that_are_thrown_away_sign_nobody_up() {
    let world = World::default();
    let page = at_the_form(&world);
    for email in ["a@mailinator.com", "a@Sub.Mailinator.COM", "b@yopmail.com"] {
        let touched = world.touched();
        let told = api(&world, email, Value::Null);
        assert_eq!((told.status, world.touched()), (StatusCode::UNPROCESSABLE_ENTITY, touched), "{email}");
        assert_eq!(told.json()["invalid_fields"]["email"], "Disposable domain.");
        let told = send(&page, email, "");
        assert_eq!(told.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(told.text.contains("made to be thrown away"), "{}", told.text);
    }
    assert_eq!((world.rows("account"), world.isolate_hashes()), (0, 0));
    for email in ["a@gmail.com", "a@mailinator.com.example"] {
        assert_eq!(api(&world, email, Value::Null).status, StatusCode::OK, "{email}");
    }
    let world = World::with(&[("DISPOSABLE_ADDRESSES", "taken")]);
    assert_eq!(api(&world, "a@mailinator.com", Value::Null).status, StatusCode::OK);
}
