//! `flow=button`: the answer is a message to the window that opened or framed this one (API, section 4.1).

use http::{Method, StatusCode};
use serde_json::json;

use crate::support::authorize::{
    LIVECHAT, PRIVATE, PUBLIC, Stage, but, code_request, message, title, to_ooops, token_request, url,
};
use crate::support::browser::{Browser, EMBEDDED, SESSION};
use crate::support::client::Answer;
use crate::support::oauth::{REDIRECT_URI, tokens};

fn button(request: Vec<(&'static str, &'static str)>) -> Vec<(&'static str, &'static str)> {
    but(request, "flow", Some("button"))
}

/// The message page and who may frame it.
fn framable_by_the_application(answer: &Answer) {
    let policy = answer.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors https://app.example.com"), "{policy}");
    assert!(!policy.contains("unsafe") && policy.starts_with("default-src 'none'"), "A16 {policy}");
    assert_eq!(answer.header("x-frame-options"), "");
    assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), ("no-store", "strict-origin"));
}

fn unauthorized(answer: &Answer) {
    let (payload, origin, _) = message(answer);
    assert_eq!(payload, json!({"error": {"identity_exception": "unauthorized"}}));
    assert_eq!(origin, "https://app.example.com");
    framable_by_the_application(answer);
}

/// Only the cookie that other sites' pages send.
fn embedded_only(browser: &Browser) -> Browser {
    let browser = browser.copy();
    browser.remove_cookie(SESSION);
    browser
}

#[test]
fn a_popup_signs_in_and_is_told_what_the_sdk_reads() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    assert_eq!(title(&browser.ask_popup(&button(token_request(PRIVATE)))), "Sign in");
    let signed_in = browser.sign_in("owner@example.com", "BG0SaleEBL");
    let headers = [("sec-fetch-dest", "document")];
    let answer = browser.request(Method::GET, signed_in.header("location"), &headers, "");
    let (payload, origin, target) = message(&answer);
    assert_eq!((origin.as_str(), target.as_str()), ("https://app.example.com", "opener"));
    let token = payload["data"]["access_token"].as_str().expect("a token").to_owned();
    let expected = json!({
        "data": {
            "access_token": token, "expires_in": 28_800, "token_type": "Bearer", "state": "st", "client_id": PRIVATE,
            "scope": "accounts--my:ro,organization--my:rw", "scopes": "accounts--my:ro,organization--my:rw",
            "account_id": stage.cast.owner.id, "organization_id": stage.cast.organization,
        },
        "state": "st",
    });
    assert_eq!(payload, expected);
    let policy = answer.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors 'none'"), "a popup is nobody's frame: {policy}");
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(stage.world.bearer(&token).get("/v2/accounts/me").status, StatusCode::OK);

    let (payload, ..) = message(&browser.ask_popup(&button(code_request(PRIVATE))));
    let keys: Vec<&String> = payload["data"].as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["account_id", "client_id", "code", "organization_id", "scope", "scopes", "state"]);
    tokens(&stage.world.exchange_code(PRIVATE, payload["data"]["code"].as_str().expect("a code"), REDIRECT_URI));
    let (payload, ..) = message(&browser.ask_popup(&but(button(code_request(PRIVATE)), "state", None)));
    assert!(payload.get("state").is_none() && payload["data"].get("state").is_none(), "{payload}");
}

#[test]
fn a_frame_never_gets_a_form_with_or_without_a_session() {
    let stage = Stage::default();
    let nobody = stage.world.browser();
    let before = stage.world.database.dump();
    for flow in [Some("button"), None] {
        for dest in ["iframe", "frame", "embed", "object"] {
            let path = url("/", &but(token_request(PRIVATE), "flow", flow));
            let answer = nobody.request(Method::GET, &path, &[("sec-fetch-dest", dest)], "");
            unauthorized(&answer);
            assert!(!answer.headers.contains_key("set-cookie"), "nobody keeps it there");
        }
    }
    // Signed in, but something would have to be asked: consent, an organization, a product.
    let member = stage.member();
    unauthorized(&member.ask_framed(&button(token_request(PUBLIC))));
    unauthorized(&member.ask_framed(&but(button(token_request(PRIVATE)), "prompt", Some("consent"))));
    stage.world.redirects_to(LIVECHAT, &[REDIRECT_URI]);
    unauthorized(&member.ask_framed(&but(button(token_request(LIVECHAT)), "redirect_uri", Some(REDIRECT_URI))));
    let foreign = but(button(token_request(PRIVATE)), "organization_id", Some("00000000-0000-7000-8000-000000000000"));
    unauthorized(&member.ask_framed(&foreign));
    stage.organization_of(&stage.cast.member.id, "Second");
    unauthorized(&member.ask_framed(&button(token_request(PUBLIC))));
    let path = url("/signin", &button(token_request(PRIVATE)));
    unauthorized(&member.request(Method::GET, &path, &[("sec-fetch-dest", "iframe")], ""));
    assert_eq!(stage.world.rows("authorization_request"), 0, "nothing is kept");
    assert_eq!(stage.world.answers(), 0);
    assert!(before.len() < stage.world.database.dump().len(), "the test's own rows");

    let answer = member.ask_framed(&button(token_request(PRIVATE)));
    assert_eq!(answer.calls.database, 2);
    let (payload, origin, target) = message(&answer);
    assert_eq!((origin.as_str(), target.as_str()), ("https://app.example.com", "parent"));
    assert_eq!(payload["data"]["account_id"], stage.cast.member.id.as_str());
    framable_by_the_application(&answer);
}

#[test]
fn without_sec_fetch_dest_a_script_chooses_the_window() {
    let stage = Stage::default();
    let answer = stage.member().ask(&button(token_request(PRIVATE)));
    let (_, _, target) = message(&answer);
    assert_eq!(target, "any");
    framable_by_the_application(&answer);
    assert_eq!(title(&stage.world.browser().ask(&button(token_request(PRIVATE)))), "Sign in");
}

#[test]
fn the_embedded_cookie_answers_a_frame_and_opens_nothing_else() {
    let stage = Stage::default();
    let browser = stage.member();
    let embedded = embedded_only(&browser);
    let (payload, ..) = message(&embedded.ask_framed(&button(token_request(PRIVATE))));
    assert_eq!(payload["data"]["account_id"], stage.cast.member.id.as_str());

    let answers = stage.world.answers();
    let sessions = stage.world.rows("session WHERE ended_at IS NOT NULL");
    assert_eq!(title(&embedded.ask(&token_request(PRIVATE))), "Sign in", "a redirect is no message");
    for path in ["/signin", "/signup", "/signin/signup"] {
        let page = embedded.get(&url(path, &button(token_request(PRIVATE))));
        assert!(page.text.contains("data-testid=\"login-email-input\"") || title(&page) == "Create your account");
    }
    assert_eq!(title(&embedded.get("/")), "Sign in");
    assert_eq!(embedded.get("/account").header("location"), "/?identity_exception=unauthorized");
    // A request of the person who is signed in, in the same browser, without the person's own cookie.
    browser.ask(&code_request(PUBLIC));
    let handle = crate::support::authorize::handle(&browser.page());
    let again = embedded_only(&browser);
    assert_eq!(title(&again.get(&format!("/continue?request={handle}"))), "Sign in");
    for (path, decision) in [("/consent", "allow"), ("/access", "request"), ("/activate", "activate")] {
        let form = browser.form();
        let fields = [("form", form.as_str()), ("decision", decision)];
        let answer = again.post_as(path, Some("http://localhost"), &fields);
        let to = answer.header("location");
        assert!(to.starts_with("/continue?") || to == "/?identity_exception=unauthorized", "{path}: {to}");
    }
    assert_eq!(title(&again.get("/signout")), "You are signed out", "there was nothing to end");
    assert_eq!(stage.world.rows("session WHERE ended_at IS NOT NULL"), sessions);
    assert_eq!(stage.world.answers(), answers, "no answer from any of it");
    assert_eq!(message(&embedded.ask_framed(&button(code_request(PRIVATE)))).1, "https://app.example.com");
}

#[test]
fn an_embedded_window_that_would_have_to_ask_is_told_so_instead() {
    let stage = Stage::default();
    let embedded = embedded_only(&stage.member());
    let rows = stage.world.rows("authorization_request");
    unauthorized(&embedded.ask(&button(token_request(PUBLIC))));
    assert_eq!(stage.world.rows("authorization_request"), rows);
}

#[test]
fn the_strict_profile_has_no_embedded_cookie_and_reads_none() {
    let stage = Stage::strict();
    let browser = stage.world.browser();
    browser.ask(&but(code_request(PRIVATE), "flow", Some("button")));
    browser.sign_in("owner@example.com", "BG0SaleEBL");
    assert!(browser.cookie(SESSION).is_some() && browser.cookie(EMBEDDED).is_none());
    assert_eq!(stage.world.rows("session WHERE embedded_digest IS NOT NULL"), 0);
    let planted = embedded_only(&stage.owner());
    assert!(planted.cookie(EMBEDDED).is_some());
    unauthorized(&planted.ask_framed(&button(code_request(PRIVATE))));
}

#[test]
fn a_refused_consent_is_told_to_the_window_and_never_by_redirect() {
    let stage = Stage::default();
    let browser = stage.member();
    assert_eq!(title(&browser.ask_popup(&button(token_request(PUBLIC)))), "Allow App access to your account?");
    let (payload, origin, _) = message(&browser.post("/consent", &[("decision", "deny")]));
    assert_eq!(payload, json!({"error": {"oauth_exception": "access_denied"}}));
    assert_eq!(origin, "https://app.example.com");

    browser.ask(&code_request(PUBLIC));
    to_ooops(&browser.post("/consent", &[("decision", "deny")]), "access_denied");
    let page = browser.get("/ooops?oauth_exception=access_denied");
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text.contains("Access was not given"), "{}", page.text);
    assert_eq!((stage.world.answers(), stage.world.rows("consent")), (0, 0));
    assert_eq!(stage.world.rows("audit_log WHERE action = 'consent.refuse'"), 2);
}

#[test]
fn a22_hostile_values_stay_inside_the_message() {
    let stage = Stage::default();
    let state = "\"></div><script>alert(1)</script>\u{2028}'&#34;";
    let answer = stage.member().ask_framed(&but(button(token_request(PRIVATE)), "state", Some(state)));
    assert!(!answer.text.contains("<script>alert"), "{}", answer.text);
    let (payload, ..) = message(&answer);
    assert_eq!((payload["state"].as_str(), payload["data"]["state"].as_str()), (Some(state), Some(state)));
}

#[test]
fn a_message_needs_an_origin() {
    let stage = Stage::default();
    stage.world.redirects_to(PRIVATE, &["com.example.app:/cb"]);
    let request = but(code_request(PRIVATE), "redirect_uri", Some("com.example.app:/cb"));
    to_ooops(&stage.member().ask(&but(request.clone(), "flow", Some("button"))), "invalid_request");
    to_ooops(&stage.member().ask(&but(request.clone(), "flow", Some("popup"))), "invalid_request");
    // In a frame there is nothing to answer with either: no form, no fault of ours.
    to_ooops(&stage.world.browser().ask_framed(&request), "invalid_request");
    assert_eq!(stage.world.last_line()["level"], "info");
    assert_eq!(stage.world.answers(), 0);
}
