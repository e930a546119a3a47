//! What the authorization endpoint refuses, and that the application never hears of it (row A2).

use std::time::Duration;

use crate::support::authorize::{
    CONFIDENTIAL, PRIVATE, Stage, but, code_of, code_request, given, to_ooops, token_request, url,
};
use crate::support::oauth::{CHALLENGE, REDIRECT_URI};

const INVALID_URI: &str = "unauthorized_client&exception_details=invalid_redirect_uri";
const UNKNOWN: &str = "unauthorized_client&exception_details=client_id_not_found";

#[test]
fn a1_a2_no_redirect_uri_but_a_registered_one_is_ever_visited() {
    let stage = Stage::default();
    let browser = stage.owner();
    let before = stage.world.database.dump();
    let refused = [
        "https://evil.example/cb",
        "https://app.example.com.evil.example/cb",
        "https://evilapp.example.com/cb",
        "https://sub.app.example.com/cb",
        "https://app.example.com/",
        "https://app.example.com",
        "https://app.example.com/cbx",
        "https://app.example.com/CB",
        "https://app.example.com/cb/../x",
        "https://app.example.com/cb/./x",
        "https://app.example.com/cb//x",
        "https://app.example.com//cb",
        "https://app.example.com/cb?x=1",
        "https://app.example.com/cb#x",
        "https://app.example.com/cb?",
        "https://app.example.com/cb#",
        "https://good@app.example.com/cb",
        "https://app.example.com@evil.example/cb",
        "https://app.example.com:444/cb",
        "http://app.example.com/cb",
        "https:app.example.com/cb",
        "https:/app.example.com/cb",
        "//app.example.com/cb",
        "https://app.example.com\\@evil.example/cb",
        "https://app.example.com/cb\\..\\x",
        "https://app.example.com/cb%2f..",
        "https://app.example.com/cb/%2e%2e/x",
        "https://app.example.com/cb%5c",
        "https://app.example.com./cb",
        "https://app.ex\u{e4}mple.com/cb",
        "https://app.example.com/cb\u{0}",
        "ht\ttps://app.example.com/cb",
        " https://app.example.com/cb",
        "https://app.example.com/cb ",
        "https://app.example.com/cb\n",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "javascript://app.example.com/cb",
        "/cb",
        "cb",
        "https://app.example.com/cb,https://evil.example",
        "https://app.example.com/cb\r\nLocation: https://evil.example",
    ];
    for path in ["/", "/signin", "/signup"] {
        for uri in refused {
            for request in [code_request(PRIVATE), token_request(PRIVATE)] {
                let answer = browser.get(&url(path, &but(request, "redirect_uri", Some(uri))));
                to_ooops(&answer, INVALID_URI);
                assert!(!answer.header("location").contains("evil"), "{uri}");
            }
        }
    }
    for id in ["", "x", "ffffffffffffffffffffffffffffffff", &PRIVATE.to_uppercase(), "' OR 1=1 --"] {
        to_ooops(&browser.ask(&but(code_request(PRIVATE), "client_id", Some(id))), UNKNOWN);
    }
    to_ooops(&browser.ask(&but(code_request(PRIVATE), "client_id", None)), UNKNOWN);
    assert!(stage.world.database.dump() == before, "nothing was kept, counted or given");
}

#[test]
fn a1_what_is_registered_and_what_lies_below_it_is_visited() {
    let stage = Stage::default();
    let browser = stage.owner();
    for uri in [
        "https://app.example.com/cb",
        "https://app.example.com/cb/",
        "https://app.example.com/cb/a/b",
        "HTTPS://APP.example.com/cb",
        "https://app.example.com:443/cb",
    ] {
        stage.world.clock.advance(Duration::from_secs(31));
        let answer = browser.ask(&but(code_request(PRIVATE), "redirect_uri", Some(uri)));
        assert!(
            answer.header("location").starts_with("https://app.example.com/cb"),
            "{uri}: {}",
            answer.header("location")
        );
    }
    let strict = Stage::strict();
    given(&strict.owner().ask(&code_request(PRIVATE)), REDIRECT_URI);
    let below = but(code_request(PRIVATE), "redirect_uri", Some("https://app.example.com/cb/a"));
    to_ooops(&strict.owner().ask(&below), INVALID_URI);
}

#[test]
fn a3_a_missing_redirect_uri_is_the_only_registered_one_or_none() {
    let stage = Stage::default();
    let browser = stage.owner();
    let without = but(code_request(PRIVATE), "redirect_uri", None);
    let code = code_of(&browser.ask(&without));
    let wrong = stage.world.exchange_code(PRIVATE, &code, "https://app.example.com/other");
    assert_eq!(wrong.json()["error"], "invalid_grant");
    stage.world.redirects_to(PRIVATE, &[REDIRECT_URI, "https://app.example.com/b"]);
    let several = "unauthorized_client&exception_details=redirect_uri_not_set";
    to_ooops(&browser.ask(&without), several);
    stage.world.redirects_to(PRIVATE, &[]);
    to_ooops(&browser.ask(&without), several);
    to_ooops(&browser.ask(&code_request(PRIVATE)), INVALID_URI);
}

#[test]
fn a4_a5_a_public_client_proves_itself_by_pkce() {
    let stage = Stage::default();
    let browser = stage.owner();
    let challenge =
        |value, method| but(but(code_request(PRIVATE), "code_challenge", value), "code_challenge_method", method);
    let ok = [
        (Some(CHALLENGE), Some("S256")),
        (Some(CHALLENGE), Some("s256")),
        (Some(CHALLENGE), Some("plain")),
        (Some(CHALLENGE), None),
    ];
    let long = "a".repeat(129);
    let refused = [
        (None, None),
        (Some(""), Some("S256")),
        (None, Some("S256")),
        (Some("short"), Some("S256")),
        (Some("short"), None),
        (Some(CHALLENGE), Some("S512")),
        (Some(CHALLENGE), Some("none")),
        (Some(&long), Some("plain")),
        (Some("!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!!"), Some("S256")),
    ];
    for (value, method) in ok {
        stage.world.clock.advance(Duration::from_secs(31));
        code_of(&browser.ask(&challenge(value, method)));
    }
    let codes = stage.world.answers();
    for (value, method) in refused {
        to_ooops(&browser.ask(&challenge(value, method)), "invalid_request");
    }
    let s256_only =
        |set: &str| stage.world.database.execute(&format!("UPDATE client SET {set} WHERE client_id = '{PRIVATE}'"));
    for flag in ["require_s256", "strict"] {
        s256_only(&format!("{flag} = 1"));
        to_ooops(&browser.ask(&challenge(Some(CHALLENGE), None)), "invalid_request");
        to_ooops(&browser.ask(&challenge(Some(CHALLENGE), Some("plain"))), "invalid_request");
        s256_only(&format!("{flag} = 0"));
    }
    assert_eq!(stage.world.answers(), codes, "no code");
    let strict = Stage::strict();
    to_ooops(&strict.owner().ask(&challenge(Some(CHALLENGE), Some("plain"))), "invalid_request");
    assert_eq!(strict.world.answers(), 0);
}

#[test]
fn a11_parameters_given_twice_are_refused() {
    let stage = Stage::default();
    let browser = stage.owner();
    let before = stage.world.database.dump();
    let mut all = code_request(PRIVATE);
    all.extend([
        ("scope", "accounts--my:ro"),
        ("prompt", "consent"),
        ("organization_id", "x"),
        ("email", "a@example.com"),
        ("flow", "button"),
    ]);
    for (name, value) in &all {
        for second in [value, "", "other"] {
            let mut pairs = code_request(PRIVATE);
            if !pairs.iter().any(|(key, _)| key == name) {
                pairs.push((name, value));
            }
            pairs.push((name, second));
            to_ooops(&browser.ask(&pairs), "invalid_request");
        }
    }
    assert!(stage.world.database.dump() == before);
    // Unknown ones are ignored, however often.
    let mut pairs = code_request(PRIVATE);
    pairs.extend([("utm_source", "a"), ("utm_source", "b"), ("nonsense", "<script>")]);
    code_of(&browser.ask(&pairs));
}

#[test]
fn a12_a_response_type_beyond_the_registration_is_refused() {
    let stage = Stage::default();
    let browser = stage.owner();
    for wrong in ["", "id_token", "code token", "token code", "none", "CODE", "<script>"] {
        let exception = if wrong.is_empty() { "invalid_request" } else { "unsupported_response_type" };
        to_ooops(&browser.ask(&but(code_request(PRIVATE), "response_type", Some(wrong))), exception);
    }
    to_ooops(&browser.ask(&but(code_request(PRIVATE), "response_type", None)), "invalid_request");
    to_ooops(&browser.ask(&token_request(CONFIDENTIAL)), "unsupported_response_type");
    stage.world.redirects_to(PRIVATE, &["com.example.app:/cb"]);
    let custom = but(token_request(PRIVATE), "redirect_uri", Some("com.example.app:/cb"));
    to_ooops(&browser.ask(&custom), "unsupported_response_type");
    let strict = Stage::strict();
    to_ooops(&strict.owner().ask(&token_request(PRIVATE)), "unsupported_response_type");
    assert_eq!((stage.world.answers(), strict.world.answers()), (0, 0));
}
