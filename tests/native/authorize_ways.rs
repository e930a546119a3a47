//! The whole ways through the authorization endpoint, from the application's request to its answer.

use http::StatusCode;

use crate::support::authorize::{
    CONFIDENTIAL, PASSWORD, PRIVATE, PUBLIC, Stage, but, code_of, code_request, given, parameter, title, to_ooops,
    token_request, url,
};
use crate::support::browser::{SESSION, hidden};
use crate::support::oauth::{REDIRECT_URI, SECRET, tokens};

#[test]
fn a13_sign_up_consent_code_exchange() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    let page = browser.get(&url("/signup", &code_request(PUBLIC)));
    assert_eq!(title(&page), "Create your account");
    assert_eq!(page.calls.database, 2, "the application, the kept request");
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://app.example.com"), "A16 {policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "A16 {policy}");
    let fields = [("email", "new@example.com"), ("password", PASSWORD), ("name", "New"), ("organization", "Newish")];
    let signed_up = browser.post("/signup", &fields);
    assert_eq!(signed_up.calls.database, 2);
    let consent = browser.follow(&signed_up);
    assert_eq!(title(&consent), "Allow App access to your account?");
    for shown in ["new@example.com", "Newish", "https://app.example.com", "See your account"] {
        assert!(consent.text.contains(shown), "{shown}: {}", consent.text);
    }
    assert!(consent.header("content-security-policy").contains("form-action 'self' https://app.example.com"));
    assert_eq!(stage.world.answers(), 0, "nothing before the person has said yes");

    let answer = browser.post("/consent", &[("decision", "allow")]);
    let pairs = given(&answer, REDIRECT_URI);
    assert_eq!(pairs.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["code", "state"]);
    assert_eq!(parameter(&pairs, "state"), "st");
    let exchanged = stage.world.exchange_code(PUBLIC, &parameter(&pairs, "code"), REDIRECT_URI);
    let (access, _) = tokens(&exchanged);
    let body = exchanged.json();
    assert_eq!(body["scope"], "accounts--my:ro,organization--my:rw", "an owner has both");
    let me = stage.world.bearer(&access).get("/v2/accounts/me").json();
    assert_eq!((me["email"].as_str(), &me["account_id"]), (Some("new@example.com"), &body["account_id"]));

    let session: (String, String, String) = stage
        .world
        .database
        .raw()
        .query_row(
            "SELECT identity_source, user_agent, ip FROM session WHERE cookie_digest = ?1",
            [browser.session_digest().as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .expect("a session");
    assert_eq!(session, ("credentials".into(), "test/1".into(), "192.0.2.1".into()));
    let applications = stage.world.bearer(&access).get("/v2/info");
    assert_eq!(applications.status, StatusCode::OK);
    assert_eq!(stage.world.rows(&format!("session_application WHERE client_id = '{PUBLIC}'")), 1, "applications used");
    for action in ["organization.create", "session.begin", "consent.allow"] {
        let of = format!("audit_log WHERE action = '{action}' AND actor_id = {}", body["account_id"]).replace('"', "'");
        assert_eq!(stage.world.rows(&of), 1, "L1 {action}");
    }
}

#[test]
fn sign_in_then_an_implicit_token_in_the_fragment_access_token_first() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    assert_eq!(title(&browser.ask(&token_request(PRIVATE))), "Sign in");
    let signed_in = browser.sign_in("Owner@Example.com ", PASSWORD);
    assert_eq!((signed_in.status, signed_in.calls.database), (StatusCode::SEE_OTHER, 2), "A13 {}", signed_in.text);
    let answer = browser.follow(&signed_in);
    assert!(answer.calls.database <= 3, "{:?}", answer.calls);
    let location = answer.header("location").to_owned();
    assert!(location.starts_with("https://app.example.com/cb#access_token=dal%3A"), "{location}");
    let pairs = given(&answer, REDIRECT_URI);
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["access_token", "expires_in", "scope", "state", "token_type"]);
    let value = |name| parameter(&pairs, name);
    assert_eq!(
        (value("expires_in"), value("token_type"), value("state")),
        ("28800".into(), "Bearer".into(), "st".into())
    );
    assert_eq!(value("scope"), "accounts--my:ro,organization--my:rw");
    let client = stage.world.bearer(&value("access_token"));
    assert_eq!(client.get("/v2/accounts/me").json()["email"], "owner@example.com");
    assert_eq!(client.get("/v2/info").json().get("refresh_token"), None, "none for the implicit grant");
    assert_eq!(stage.world.rows("refresh_family"), 0);
    assert_eq!(stage.world.rows("authorization_request WHERE decided_at IS NOT NULL"), 1, "decided once");
}

#[test]
fn who_is_signed_in_is_answered_at_once_in_two_round_trips() {
    let stage = Stage::default();
    let browser = stage.owner();
    for request in [code_request(PRIVATE), token_request(PRIVATE), code_request(CONFIDENTIAL)] {
        let answer = browser.ask(&request);
        given(&answer, REDIRECT_URI);
        assert_eq!(answer.calls.database, 2, "{request:?}");
        assert_eq!(stage.world.rows("authorization_request"), 0, "nothing had to wait");
    }
    assert_eq!(stage.world.rows("audit_log WHERE action = 'session.authorize'"), 3);
    assert_eq!(stage.world.answers(), 3);
}

#[test]
fn a_server_application_exchanges_with_its_secret_and_may_omit_pkce() {
    let stage = Stage::default();
    let browser = stage.owner();
    let plain = but(but(code_request(CONFIDENTIAL), "code_challenge", None), "code_challenge_method", None);
    let code = code_of(&browser.ask(&plain));
    let body = |secret: Option<&str>| {
        serde_json::json!({
            "grant_type": "authorization_code", "client_id": CONFIDENTIAL, "code": code, "redirect_uri": REDIRECT_URI,
            "client_secret": secret,
        })
    };
    let ask = |secret| stage.world.ask_token(Some("application/json"), None, "/v2/token", &body(secret).to_string());
    assert_eq!(ask(None).json()["error"], "invalid_client", "T1");
    tokens(&ask(Some(SECRET)));
}

#[test]
fn prompt_consent_asks_although_nobody_would_need_to() {
    let stage = Stage::default();
    let browser = stage.owner();
    let request = but(code_request(PRIVATE), "prompt", Some("consent"));
    for round in 0..2 {
        assert_eq!(title(&browser.ask(&request)), "Allow App access to your account?", "{round}");
        assert_eq!(stage.world.answers(), round);
        code_of(&browser.post("/consent", &[("decision", "allow")]));
    }
    code_of(&browser.ask(&code_request(PRIVATE)));
    for prompt in ["login", "none", "consent consent"] {
        to_ooops(&browser.ask(&but(code_request(PRIVATE), "prompt", Some(prompt))), "invalid_request");
    }
}

#[test]
fn the_email_parameter_fills_the_form_and_nothing_else() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    for path in ["/", "/signin", "/signup", "/signin/signup"] {
        let page = browser.get(&url(path, &but(code_request(PRIVATE), "email", Some("ann+1@example.com"))));
        assert_eq!(hidden(&page.text, "email").as_deref(), Some("ann+1@example.com"), "{path}");
    }
    let page = browser.get(&url("/signin", &[("email", "\"><script>alert(1)</script>")]));
    assert!(!page.text.contains("<script>") && page.text.contains("alert(1)"), "A22 {}", page.text);
    // The person may be somebody else.
    browser.ask(&but(code_request(PRIVATE), "email", Some("ann@example.com")));
    code_of(&browser.follow(&browser.sign_in("owner@example.com", PASSWORD)));
}

#[test]
fn signin_asks_everybody_and_the_same_person_keeps_the_session() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    browser.get("/signin");
    browser.sign_in("owner@example.com", PASSWORD);
    let session = |browser: &crate::support::browser::Browser| -> String {
        let digest = browser.session_digest();
        stage
            .world
            .database
            .value(&format!("SELECT session_id FROM session WHERE cookie_digest = '{}'", digest.as_str()))
    };
    let before = session(&browser);
    for path in ["/signin", "/signup", "/signin/signup"] {
        let page = browser.get(&url(path, &code_request(PRIVATE)));
        assert!(hidden(&page.text, "form").is_some(), "{path}");
        assert!(["Sign in", "Create your account"].contains(&title(&page).as_str()), "{path}");
    }
    let old = browser.cookie(SESSION);
    browser.get(&url("/signin", &code_request(PRIVATE)));
    code_of(&browser.follow(&browser.sign_in("owner@example.com", PASSWORD)));
    assert_ne!(browser.cookie(SESSION), old, "A19");
    assert_eq!(session(&browser), before, "the same session, so that its tokens live on");
}

#[test]
fn a10_state_is_echoed_byte_for_byte() {
    let stage = Stage::default();
    let browser = stage.owner();
    let long = "s".repeat(2_048);
    let odd = [
        "",
        "0",
        "a b",
        "a+b",
        "a%20b",
        "&state=x",
        "#",
        "?",
        "=",
        "\"<>'\\",
        "\u{1f600}\u{e9}",
        "\t",
        "a\r\nSet-Cookie: x=y",
        "\u{0}",
        "\u{7f}",
        "{\"a\":[1]}",
        "%ff",
        long.as_str(),
    ];
    for state in odd {
        stage.world.clock.advance(std::time::Duration::from_secs(31));
        for request in [code_request(PRIVATE), token_request(PRIVATE)] {
            let answer = browser.ask(&but(request, "state", Some(state)));
            let pairs = given(&answer, REDIRECT_URI);
            let states: Vec<_> = pairs.iter().filter(|(name, _)| name == "state").collect();
            assert_eq!(states.len(), 1, "{state:?}");
            assert_eq!(states[0].1, state);
            assert!(!answer.headers.get_all("set-cookie").iter().any(|cookie| cookie == "x=y"), "{state:?}");
        }
    }
    stage.world.clock.advance(std::time::Duration::from_secs(31));
    let answer = browser.ask(&but(code_request(PRIVATE), "state", None));
    assert!(!answer.header("location").contains("state"), "never invented: {}", answer.header("location"));
    // The same when the request has to wait.
    let browser = stage.world.browser();
    for state in ["", "a+b %00&\"\u{1f600}"] {
        browser.get(&url("/signin", &but(code_request(PRIVATE), "state", Some(state))));
        let pairs = given(&browser.follow(&browser.sign_in("owner@example.com", PASSWORD)), REDIRECT_URI);
        assert_eq!(pairs.iter().find(|(name, _)| name == "state").map(|(_, value)| value.as_str()), Some(state));
    }
    let before = stage.world.answers();
    to_ooops(&browser.ask(&but(code_request(PRIVATE), "state", Some(&"s".repeat(2_049)))), "invalid_request");
    to_ooops(
        &browser.get(&format!("{}&state=%ff", url("/", &but(code_request(PRIVATE), "state", None)))),
        "invalid_request",
    );
    assert_eq!(stage.world.answers(), before);
}

#[test]
fn scopes_are_separated_by_commas_or_spaces_and_never_more_than_the_client_or_the_person_has() {
    let stage = Stage::default();
    let scope = |browser: &crate::support::browser::Browser, asked: Option<&str>| {
        stage.world.clock.advance(std::time::Duration::from_secs(31));
        parameter(&given(&browser.ask(&but(token_request(PRIVATE), "scope", asked)), REDIRECT_URI), "scope")
    };
    let owner = stage.owner();
    for both in [
        "accounts--my:ro,organization--my:rw",
        "organization--my:rw accounts--my:ro",
        " accounts--my:ro , organization--my:rw ",
    ] {
        assert_eq!(scope(&owner, Some(both)), "accounts--my:ro,organization--my:rw", "{both}");
    }
    assert_eq!(scope(&owner, Some("accounts--my:ro")), "accounts--my:ro");
    assert_eq!(scope(&owner, None), "accounts--my:ro,organization--my:rw");
    assert_eq!(scope(&stage.member(), None), "accounts--my:ro", "what the member's roles give");
    let before = stage.world.answers();
    for beyond in ["accounts--all:rw", "accounts--my:rw", "nothing", "accounts--my:ro,accounts--my:rw", "<script>"] {
        to_ooops(&owner.ask(&but(token_request(PRIVATE), "scope", Some(beyond))), "invalid_scope");
    }
    assert_eq!(stage.world.answers(), before);
}
