//! Hostile values, applications in a loop, and clients that change while a person reads.

use std::time::Duration;

use http::StatusCode;

use crate::support::authorize::{
    CONFIDENTIAL, PASSWORD, PRIVATE, PUBLIC, Stage, but, code_of, code_request, given, parameter, title, to_ooops,
    token_request, url,
};
use crate::support::client::World;
use crate::support::oauth::REDIRECT_URI;

const INVALID_URI: &str = "unauthorized_client&exception_details=invalid_redirect_uri";
const UNKNOWN: &str = "unauthorized_client&exception_details=client_id_not_found";

#[test]
fn a22_script_and_line_breaks_in_every_parameter_reach_no_page_and_no_header() {
    let stage = Stage::default();
    let hostile =
        ["\"><script>alert(1)</script>", "x\r\nSet-Cookie: a=b\r\n\r\n<script>alert(1)</script>", "'\u{2028}{{7*7}}"];
    let names = [
        "response_type",
        "client_id",
        "redirect_uri",
        "state",
        "scope",
        "prompt",
        "code_challenge",
        "code_challenge_method",
        "organization_id",
        "email",
        "flow",
        "identity_exception",
        "lang",
        "request",
        "utm_source",
    ];
    for browser in [stage.world.browser(), stage.owner()] {
        for name in names {
            for value in hostile {
                for path in ["/", "/signin", "/signup", "/ooops", "/continue", "/signout", "/defaults"] {
                    stage.world.clock.advance(Duration::from_secs(31));
                    let answer = browser.copy().get(&url(path, &but(code_request(PRIVATE), name, Some(value))));
                    let place = format!("{path} {name}");
                    assert!(
                        !answer.text.contains("<script>alert") && !answer.text.contains("\"><script"),
                        "{place}: {}",
                        answer.text
                    );
                    for (header, text) in &answer.headers {
                        let text = text.to_str().expect("ASCII");
                        assert!(!text.contains("<script>") && !text.contains("a=b"), "{place} {header}: {text}");
                    }
                    assert!(answer.status.as_u16() < 500, "{place}");
                }
            }
        }
        for value in hostile {
            let page = browser.get(&url("/ooops", &[("oauth_exception", value), ("exception_details", value)]));
            assert!(!page.text.contains("alert(1)"), "{}", page.text);
            assert_eq!(page.status, StatusCode::BAD_REQUEST);
        }
    }
}

#[test]
fn the_fourth_redirect_in_half_a_minute_is_too_many() {
    let stage = Stage::of(World::with(&[("LIMITS", "production")]));
    let browser = stage.owner();
    let too_many = "access_denied&exception_details=too_many_redirects";
    for round in 0..2 {
        for _ in 0..3 {
            code_of(&browser.ask(&code_request(PRIVATE)));
        }
        let answers = stage.world.answers();
        stage.world.clock.advance(Duration::from_secs(29));
        for _ in 0..3 {
            to_ooops(&browser.ask(&code_request(PRIVATE)), too_many);
        }
        assert_eq!(stage.world.answers(), answers, "{round}: nothing was given");
        given(&browser.ask(&code_request(CONFIDENTIAL)), REDIRECT_URI);
        code_of(&stage.member().ask(&code_request(PRIVATE)));
        stage.world.clock.advance(Duration::from_secs(2));
    }
    let page = browser.get("/ooops?oauth_exception=access_denied&exception_details=too_many_redirects");
    assert!(page.text.contains("The application keeps sending you here"), "{}", page.text);
}

#[test]
fn a_client_that_changes_while_a_request_waits_gets_nothing_that_it_may_not_have_by_then() {
    let changes = [
        (format!("DELETE FROM client WHERE client_id = '{PUBLIC}'"), UNKNOWN),
        (format!("DELETE FROM client_redirect_uri WHERE client_id = '{PUBLIC}'"), INVALID_URI),
        (format!("UPDATE client SET visibility = 'private' WHERE client_id = '{PUBLIC}'"), "access_denied"),
        (
            format!("DELETE FROM client_scope WHERE client_id = '{PUBLIC}' AND scope = 'accounts--my:ro'"),
            "invalid_scope",
        ),
    ];
    for (change, exception) in changes {
        let stage = Stage::default();
        let browser = stage.owner();
        assert_eq!(title(&browser.ask(&token_request(PUBLIC))), "Allow App access to your account?");
        stage.world.database.execute(&change);
        to_ooops(&browser.post("/consent", &[("decision", "allow")]), exception);
        assert_eq!((stage.world.answers(), stage.world.rows("consent")), (0, 0), "{change}");
    }
    // More scopes than the person saw are not in it.
    let stage = Stage::default();
    let browser = stage.world.browser();
    browser.ask(&token_request(PRIVATE));
    stage.world.database.execute(&format!("INSERT INTO client_scope VALUES ('{PRIVATE}', 'accounts--my:rw', 0)"));
    let pairs = given(&browser.follow(&browser.sign_in("owner@example.com", PASSWORD)), REDIRECT_URI);
    assert_eq!(parameter(&pairs, "scope"), "accounts--my:ro,organization--my:rw");
}
