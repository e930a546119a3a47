//! The forms on the way, seen from outside: whose they are, from where, for which request, and how often (rows A17, A18).

use std::time::Duration;

use http::{Method, StatusCode};

use crate::support::authorize::{
    LIVECHAT, PASSWORD, PRIVATE, PUBLIC, Stage, but, code_request, given, handle, parameter, title, to_ooops,
    token_request, url,
};
use crate::support::browser::{Browser, ORIGIN};
use crate::support::client::Answer;
use crate::support::oauth::REDIRECT_URI;

/// Refused as stale: told in place, nothing asked of storage.
fn stale(answer: &Answer, place: &str) {
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{place}: {} {}", answer.header("location"), answer.text);
    assert!(answer.text.contains("This page is out of date"), "{place}: {}", answer.text);
    assert_eq!((answer.header("location"), answer.header("cache-control")), ("", "no-store"), "{place}");
    assert!(!answer.headers.contains_key("set-cookie"), "{place}");
}

/// As [`stale`], before anything was asked of storage.
fn stale_unread(answer: &Answer, place: &str) {
    stale(answer, place);
    assert_eq!(answer.calls.database, 0, "{place}");
}

type Fields = Vec<(&'static str, String)>;

/// Every form with a browser that shows its page, and fields that would do it.
fn forms(stage: &Stage) -> Vec<(&'static str, Browser, Fields)> {
    let second = stage.organization_of(&stage.cast.administrator.id, "Second");
    let field = |name: &'static str, value: &str| (name, value.to_owned());
    let mut all = Vec::new();
    let mut add = |path, browser: Browser, page: Answer, fields: Fields| {
        assert_eq!(page.status, StatusCode::OK, "{path}: {} {}", page.header("location"), page.text);
        assert!(page.text.contains(&format!("action=\"{path}\"")), "{path}: {}", page.text);
        all.push((path, browser, fields));
    };
    let browser = stage.world.browser();
    let page = browser.ask(&token_request(PRIVATE));
    add("/signin", browser, page, vec![field("email", "owner@example.com"), field("password", PASSWORD)]);
    let browser = stage.world.browser();
    let page = browser.get(&url("/signup", &token_request(PUBLIC)));
    let fields = vec![field("email", "new@example.com"), field("password", PASSWORD), field("name", "New")];
    add("/signup", browser, page, fields);
    let browser = stage.owner();
    let page = browser.ask(&token_request(PUBLIC));
    add("/consent", browser, page, vec![field("decision", "allow")]);
    let browser = stage.owner();
    let page = browser.ask(&code_request(LIVECHAT));
    add("/activate", browser, page, vec![field("decision", "activate")]);
    let browser = stage.world.browser_of(&stage.cast.administrator.id, &stage.cast.organization);
    let page = browser.ask(&token_request(PUBLIC));
    add("/organization", browser, page, vec![("organization_id", second)]);
    let browser = stage.member();
    stage.enable(&stage.cast.organization, "HelpDesk", "active");
    let helpdesk = "23d14c0988ea939b85dc28d07c0963f4";
    let request = but(code_request(helpdesk), "redirect_uri", Some("https://helpdesk.example/"));
    let page = browser.ask(&request);
    add("/access", browser, page, vec![field("decision", "request")]);
    let browser = stage.owner();
    let page = browser.request(Method::GET, "/signout", &[("sec-fetch-site", "cross-site")], "");
    add("/signout", browser, page, vec![]);
    all
}

fn send(browser: &Browser, path: &str, form: Option<&str>, origin: Option<&str>, fields: &Fields) -> Answer {
    let form = form.map(|form| ("form", form));
    let all: Vec<(&str, &str)> =
        form.into_iter().chain(fields.iter().map(|(name, value)| (*name, value.as_str()))).collect();
    browser.copy().post_as(path, origin, &all)
}

#[test]
fn a13_a17_every_form_does_what_it_says_when_it_is_sent_from_its_page() {
    let stage = Stage::default();
    for (path, browser, fields) in forms(&stage) {
        let before = stage.world.database.dump();
        let answer = send(&browser, path, Some(&browser.form()), Some(ORIGIN), &fields);
        let shown = matches!(path, "/access" | "/signout");
        assert_eq!(
            answer.status,
            if shown { StatusCode::OK } else { StatusCode::SEE_OTHER },
            "{path}: {}",
            answer.text
        );
        assert!(!answer.header("location").contains("exception"), "{path}: {}", answer.header("location"));
        assert!(stage.world.database.dump() != before, "{path}");
    }
}

#[test]
fn a17_a_form_without_its_token_or_with_another_ones_changes_nothing() {
    let stage = Stage::default();
    let forms = forms(&stage);
    let stranger = stage.world.browser();
    stranger.ask(&token_request(PRIVATE));
    let before = stage.world.database.dump();
    for (path, browser, fields) in &forms {
        let (page, own) = (browser.page(), browser.form());
        let mut others = vec![
            ("empty".to_owned(), String::new()),
            ("forged".to_owned(), "dal:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
            ("cut short".to_owned(), own[..own.len() - 1].to_owned()),
            ("of another browser".to_owned(), stranger.form()),
        ];
        if *path != "/signout" {
            let text = handle(&page);
            let decoded: String =
                form_urlencoded::parse(format!("x={text}").as_bytes()).map(|(_, value)| value.into_owned()).collect();
            others.push(("the handle of an address".to_owned(), decoded));
        }
        let elsewhere =
            forms.iter().filter(|(_, other, _)| other.cookie("__Host-browser") != browser.cookie("__Host-browser"));
        others.extend(elsewhere.map(|(of, other, _)| (format!("of the browser at {of}"), other.form())));
        for (name, form) in &others {
            stale_unread(&send(browser, path, Some(form), Some(ORIGIN), fields), &format!("{path} {name}"));
        }
        stale_unread(&send(browser, path, None, Some(ORIGIN), fields), &format!("{path} without"));
        let twice: Fields = [("form", own.clone())].into_iter().chain(fields.clone()).collect();
        stale_unread(&send(browser, path, Some(&own), Some(ORIGIN), &twice), &format!("{path} twice"));
        let headers = [("origin", ORIGIN), ("content-type", "application/x-www-form-urlencoded")];
        let answer = browser.copy().request(Method::POST, &format!("{path}?form={own}"), &headers, "");
        stale_unread(&answer, &format!("{path} in the address"));
        let headers = [("origin", ORIGIN), ("content-type", "text/plain")];
        let answer = browser.copy().request(Method::POST, path, &headers, &format!("form={own}"));
        to_ooops(&answer, "invalid_request");
        assert_eq!(answer.calls.database, 0, "{path}");
        // The form in a browser without its cookie.
        let bare = stage.world.browser();
        if !matches!(*path, "/signout" | "/activate") {
            stale_unread(&send(&bare, path, Some(&own), Some(ORIGIN), fields), &format!("{path} no cookie"));
        }
    }
    assert!(stage.world.database.dump() == before, "nothing changed");
}

#[test]
fn a17_a_form_from_anywhere_but_this_origin_changes_nothing() {
    let stage = Stage::default();
    let forms = forms(&stage);
    let before = stage.world.database.dump();
    let origins = [
        None,
        Some("null"),
        Some(""),
        Some("https://evil.example"),
        Some("https://app.example.com"),
        Some("https://localhost"),
        Some("http://localhost:8787"),
        Some("http://127.0.0.1"),
        Some("http://localhost/"),
        Some("http://localhost http://evil.example"),
    ];
    for (path, browser, fields) in &forms {
        for origin in origins {
            let answer = send(browser, path, Some(&browser.form()), origin, fields);
            stale_unread(&answer, &format!("{path} from {origin:?}"));
        }
    }
    assert!(stage.world.database.dump() == before, "nothing changed");
}

#[test]
fn a18_the_form_cannot_change_what_the_person_saw() {
    let stage = Stage::default();
    stage.world.asks("0123456789abcdef0123456789abcda9", &stage.vendor, "public", None);
    let browser = stage.owner();
    assert_eq!(
        title(&browser.ask(&but(token_request(PUBLIC), "scope", Some("accounts--my:ro")))),
        "Allow App access to your account?"
    );
    let fields = [
        ("decision", "allow"),
        ("client_id", "0123456789abcdef0123456789abcda9"),
        ("scope", "organization--my:rw"),
        ("redirect_uri", "https://evil.example/"),
        ("response_type", "code"),
        ("state", "other"),
        ("organization_id", stage.vendor.as_str()),
        ("flow", "button"),
    ];
    let query = url("/consent", &fields[1..5]);
    let pairs = given(&browser.post(&query, &fields), REDIRECT_URI);
    assert_eq!((parameter(&pairs, "scope").as_str(), parameter(&pairs, "state").as_str()), ("accounts--my:ro", "st"));
    let info = stage.world.bearer(&parameter(&pairs, "access_token")).get("/v2/info").json();
    assert_eq!(
        (info["client_id"].as_str(), info["organization_id"].as_str()),
        (Some(PUBLIC), Some(stage.cast.organization.as_str()))
    );
    assert_eq!(stage.world.rows(&format!("consent WHERE client_id = '{PUBLIC}'")), stage.world.rows("consent"));
}

#[test]
fn a18_a_request_is_decided_once() {
    let stage = Stage::default();
    for decision in ["allow", "deny"] {
        let browser = stage.owner();
        browser.ask(&but(token_request(PUBLIC), "prompt", Some("consent")));
        let (page, address) = (browser.copy(), format!("/continue?request={}", handle(&browser.page())));
        browser.post("/consent", &[("decision", decision)]);
        let before = stage.world.database.dump();
        for replay in ["allow", "deny"] {
            stale(&page.copy().post("/consent", &[("decision", replay)]), &format!("{decision} {replay}"));
        }
        stale(&page.copy().get(&address), decision);
        stale(&page.copy().sign_in("owner@example.com", PASSWORD), decision);
        stale(&page.copy().post("/organization", &[("organization_id", &stage.cast.organization)]), decision);
        let changed: Vec<_> = stage.world.database.dump().into_iter().filter(|cell| !before.contains(cell)).collect();
        assert!(changed.iter().all(|(table, ..)| table == "throttle"), "{decision}: {changed:?}");
    }
    assert_eq!(stage.world.answers(), 1);
}

#[test]
fn a17_t16_a_request_waits_an_hour() {
    let stage = Stage::default();
    let forms = forms(&stage);
    stage.world.clock.advance(Duration::from_secs(3_600 - 1));
    let (path, browser, fields) = &forms[2];
    given(&send(browser, path, Some(&browser.form()), Some(ORIGIN), fields), REDIRECT_URI);
    stage.world.clock.advance(Duration::from_secs(1));
    let before = stage.world.database.dump();
    for (path, browser, fields) in &forms {
        stale_unread(&send(browser, path, Some(&browser.form()), Some(ORIGIN), fields), path);
        if *path != "/signout" {
            stale_unread(&browser.copy().get(&format!("/continue?request={}", handle(&browser.page()))), path);
        }
    }
    assert!(stage.world.database.dump() == before);
}

#[test]
fn a17_the_handle_of_a_request_is_good_in_its_own_browser_only() {
    let stage = Stage::default();
    let browser = stage.owner();
    browser.ask(&token_request(PUBLIC));
    let (address, form) = (format!("/continue?request={}", handle(&browser.page())), browser.form());
    let others = [stage.owner(), stage.member(), stage.world.browser()];
    let before = stage.world.database.dump();
    for other in others {
        stale_unread(&other.get(&address), "another browser");
        for path in ["/", "/signin", "/signup"] {
            stale_unread(&other.get(&address.replace("/continue", path)), path);
        }
    }
    for text in ["", "x", "dal:AAAA", &form] {
        stale_unread(&browser.copy().get(&url("/continue", &[("request", text)])), "a form's token is no handle");
    }
    stale_unread(&browser.copy().get("/continue"), "none");
    assert!(stage.world.database.dump() == before);
    // The same browser with another person in it goes on as that person.
    let member = browser.copy();
    member.sign_in_as(&stage.cast.member.id, &stage.cast.organization);
    let page = member.get(&address);
    assert!(page.text.contains("member.of.owner@example.com"), "{}", page.text);
}
