//! Signing in and up by the forms: what is told, what it costs, and what may change meanwhile (rows E1, P7, P8, R8).

use http::StatusCode;

use crate::support::authorize::{PASSWORD, PRIVATE, Stage, given, title, token_request, url};
use crate::support::browser::{Browser, SESSION, hidden};
use crate::support::client::{Answer, PEPPER, World};
use crate::support::oauth::REDIRECT_URI;
use crate::support::sqlite::Fault;

/// What an attempt shows and costs, seen from outside: everything but the address itself.
struct Seen {
    status: StatusCode,
    headers: Vec<(String, String)>,
    page: String,
    calls: u32,
    statements: u32,
    hashes: u64,
}

/// One attempt, from the same page of the same browser each time.
fn attempt(stage: &Stage, page: &Browser, email: &str, password: &str) -> Seen {
    let (statements, hashes) = (stage.world.database.statements(), stage.world.isolate_hashes());
    let answer = page.copy().sign_in(email, password);
    let headers = answer.headers.iter().filter(|(name, _)| *name != "content-length");
    Seen {
        status: answer.status,
        headers: headers.map(|(name, value)| (name.to_string(), value.to_str().expect("ASCII").to_owned())).collect(),
        page: answer.text.replace(email, "[email]"),
        calls: answer.calls.database,
        statements: stage.world.database.statements() - statements,
        hashes: stage.world.isolate_hashes() - hashes,
    }
}

fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
    assert!(!answer.headers.contains_key("set-cookie"), "{words}");
}

#[test]
fn e1_p8_a_wrong_password_an_unknown_address_and_an_account_without_a_password_look_and_cost_the_same() {
    let stage = Stage::default();
    let page = stage.world.browser();
    page.ask(&token_request(PRIVATE));
    stage.world.database.execute(
        "UPDATE membership SET suspended = 1 WHERE account_id = (SELECT account_id FROM account WHERE email = 'vendor@example.com')",
    );
    let first = attempt(&stage, &page, "owner@example.com", "wrong-password");
    assert_eq!((first.status, first.calls, first.hashes), (StatusCode::UNAUTHORIZED, 3, 1));
    assert!(first.page.contains("This email and password do not go together."), "{}", first.page);
    assert!(first.headers.iter().all(|(name, _)| name != "set-cookie" && name != "location"));
    for (email, password) in [
        ("nobody@example.com", PASSWORD),
        ("member.of.owner@example.com", PASSWORD),
        ("member.of.owner@example.com", ""),
        ("vendor@example.com", "wrong-password"),
        ("owner@example.com", ""),
        ("owner@example.com", "bg0saleebl"),
        ("owner@example.com", "BG0SaleEBL "),
    ] {
        let seen = attempt(&stage, &page, email, password);
        assert_eq!((seen.status, seen.calls, seen.hashes), (first.status, 3, 1), "{email} {password:?}");
        assert_eq!(seen.statements, first.statements, "{email}");
        assert_eq!(seen.headers, first.headers, "{email}");
        assert!(seen.page == first.page, "{email}: {}", seen.page);
    }
    assert_eq!(stage.world.rows("session WHERE cookie_digest IS NOT NULL"), 0);
    assert_eq!(stage.world.rows("audit_log WHERE action = 'session.begin'"), 0);
    assert_eq!(stage.world.answers(), 0);
}

#[test]
fn what_was_written_stays_and_the_password_never_does() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    browser.ask(&token_request(PRIVATE));
    refused(&browser.sign_in("owner@example.com", "canary-password"), "do not go together");
    assert_eq!(hidden(&browser.page(), "email").as_deref(), Some("owner@example.com"));
    assert!(!browser.page().contains("canary"), "{}", browser.page());
    refused(&browser.sign_in("\"><script>alert(1)</script>", "canary-password"), "do not go together");
    assert!(!browser.page().contains("<script>alert"), "A22");
    let stored = stage.world.database.dump().into_iter().map(|(.., text)| text);
    assert!(!stored.chain(stage.world.lines()).any(|text| text.contains("canary")), "L4");
    given(&browser.follow(&browser.sign_in("owner@example.com", PASSWORD)), REDIRECT_URI);
}

#[test]
fn who_is_suspended_everywhere_is_told_so_only_with_the_right_password() {
    let stage = Stage::default();
    stage
        .world
        .database
        .execute(&format!("UPDATE membership SET suspended = 1 WHERE account_id = '{}'", stage.cast.owner.id));
    let browser = stage.world.browser();
    browser.ask(&token_request(PRIVATE));
    refused(&browser.sign_in("owner@example.com", "wrong-password"), "do not go together");
    let sessions = stage.world.rows("session");
    refused(&browser.sign_in("owner@example.com", PASSWORD), "This account may not sign in here.");
    assert_eq!(stage.world.rows("session"), sessions, "nothing begins");
    assert_eq!(browser.cookie(SESSION), None);
}

/// The password changes, or goes, between the two round trips.
#[test]
fn r8_no_session_begins_with_a_password_that_changed_meanwhile() {
    for change in ["UPDATE password SET phc = phc || 'A'", "DELETE FROM password"] {
        for renewal in [false, true] {
            let stage = Stage::default();
            let browser = if renewal { stage.owner() } else { stage.world.browser() };
            browser.get("/signin");
            let (sessions, old) = (stage.world.rows("session"), browser.cookie(SESSION));
            stage.world.database.meanwhile(1, change);
            refused(&browser.sign_in("owner@example.com", PASSWORD), "do not go together");
            assert_eq!((stage.world.rows("session"), browser.cookie(SESSION)), (sessions, old), "{change} {renewal}");
            assert_eq!(stage.world.rows("audit_log WHERE action = 'session.begin'"), 0);
        }
    }
    // The request itself goes meanwhile.
    let stage = Stage::default();
    let browser = stage.world.browser();
    browser.get("/signin");
    let sessions = stage.world.rows("session");
    stage.world.database.meanwhile(1, "DELETE FROM authorization_request");
    assert_eq!(browser.sign_in("owner@example.com", PASSWORD).status, StatusCode::FORBIDDEN);
    assert_eq!(stage.world.rows("session"), sessions);
}

#[test]
fn p7_a_hash_of_yesterdays_pepper_is_replaced_at_the_next_sign_in() {
    let mut stage = Stage::default();
    let phc = |stage: &Stage| -> String {
        let of = format!("SELECT phc FROM password WHERE account_id = '{}'", stage.cast.owner.id);
        stage.world.database.value(&of)
    };
    let before = phc(&stage);
    let new = "1:bmV3LXBlcHBlci1vZi10aGUtdGVzdHMtMDAwMDAwMDAw";
    stage.world = stage.world.reconfigured(&[("PASSWORD_PEPPER", new), ("PASSWORD_PEPPER_PREVIOUS", PEPPER)]);
    let browser = stage.world.browser();
    browser.get("/signin");
    refused(&browser.sign_in("owner@example.com", "wrong-password"), "do not go together");
    assert_eq!(phc(&stage), before, "not by a wrong one");
    assert_eq!(browser.sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
    let rehashed = phc(&stage);
    assert_ne!(rehashed, before);
    assert!(rehashed.contains("keyid=AQ"), "{rehashed}");
    browser.get("/signin");
    assert_eq!(browser.sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER);
    assert_eq!(phc(&stage), rehashed, "only once");
    stage.world = stage.world.reconfigured(&[("PASSWORD_PEPPER", new)]);
    let browser = stage.world.browser();
    browser.get("/signin");
    assert_eq!(browser.sign_in("owner@example.com", PASSWORD).status, StatusCode::SEE_OTHER, "without the old one");
}

#[test]
fn r13_a_sign_in_that_storage_did_not_finish_gives_no_cookie() {
    for fault in [Fault::BeforeCommit, Fault::Later(1), Fault::LostLater(1)] {
        let stage = Stage::default();
        let browser = stage.world.browser();
        browser.get("/signin");
        stage.world.database.set_fault(Some(fault));
        let answer = browser.sign_in("owner@example.com", PASSWORD);
        assert_eq!(answer.header("location"), "/ooops?oauth_exception=server_error", "{fault:?}");
        assert!(!answer.headers.contains_key("set-cookie"), "{fault:?}");
    }
}

#[test]
fn sign_up_names_everything_that_is_wrong_at_once_and_creates_nothing() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    let page = browser.get(&url("/signup", &token_request(PRIVATE)));
    assert_eq!(title(&page), "Create your account");
    let rows =
        |stage: &Stage| ["account", "organization", "session", "membership"].map(|table| stage.world.rows(table));
    let before = rows(&stage);
    let long = "n".repeat(200);
    type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let cases: [Case<'_>; 6] = [
        (&[], &["Enter your email.", "Enter your password."]),
        (&[("email", "x"), ("password", "short")], &["Enter an email address such as", "Use at least 8 characters."]),
        (&[("email", "a@example.com"), ("password", "password1")], &["one of the most common ones"]),
        (
            &[("email", "a@example.com"), ("password", PASSWORD), ("name", "a\u{202e}b")],
            &["characters that cannot be shown"],
        ),
        (&[("email", "a@example.com"), ("password", PASSWORD), ("organization", &long)], &["too long"]),
        (
            &[("email", "a@example.com\r\nBcc: b@example.com"), ("password", PASSWORD)],
            &["Enter an email address such as"],
        ),
    ];
    for (fields, told) in cases {
        let answer = browser.post("/signup", fields);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{told:?}");
        for words in told {
            assert!(answer.text.contains(words), "{words}: {}", answer.text);
        }
        assert!(!answer.text.contains(PASSWORD), "no password in a page");
        assert!(!answer.headers.contains_key("set-cookie"), "{told:?}");
    }
    let known = browser.post("/signup", &[("email", "OWNER@example.com"), ("password", PASSWORD), ("name", "New")]);
    assert_eq!(known.status, StatusCode::CONFLICT);
    assert!(known.text.contains("There is already an account with this email."), "{}", known.text);
    assert_eq!(rows(&stage), before);
    assert_eq!(browser.cookie(SESSION), None);
    let fields = [("email", "new@example.com"), ("password", PASSWORD), ("name", "New"), ("organization", "")];
    assert_eq!(browser.post("/signup", &fields).status, StatusCode::SEE_OTHER, "the page still works");
    assert_eq!(rows(&stage), before.map(|rows| rows + 1));
}

#[test]
fn sign_up_by_who_is_signed_in_leaves_the_old_session() {
    let stage = Stage::default();
    let browser = stage.owner();
    let old = browser.copy();
    browser.get("/signup");
    let fields = [("email", "new@example.com"), ("password", PASSWORD), ("name", "New")];
    assert_eq!(browser.post("/signup", &fields).status, StatusCode::SEE_OTHER);
    assert!(browser.get("/account").text.contains("new@example.com"));
    assert_eq!(old.get("/account").header("location"), "/?identity_exception=unauthorized", "A19");
    assert_eq!(stage.world.rows("session WHERE ended_at IS NOT NULL"), 0, "it lives on for its applications");
}

#[test]
fn a_sign_up_that_is_overtaken_is_a_conflict() {
    let stage = Stage::default();
    let browser = stage.world.browser();
    browser.get("/signup");
    stage.world.database.meanwhile(
        1,
        "INSERT INTO account (account_id, email, email_key, created_at, updated_at)
         VALUES ('ffffffff-0000-7000-8000-000000000009', 'new@example.com', 'new@example.com', 1, 1)",
    );
    let organizations = stage.world.rows("organization");
    let answer = browser.post("/signup", &[("email", "new@example.com"), ("password", PASSWORD), ("name", "New")]);
    assert_eq!((answer.status, stage.world.rows("organization")), (StatusCode::CONFLICT, organizations));
    assert_eq!(browser.cookie(SESSION), None);
}

#[test]
fn the_reasons_that_lead_to_the_form_are_told_there() {
    let stage = Stage::of(World::default());
    let browser = stage.world.browser();
    for (code, words) in [
        ("identity_lost", "Your session has ended."),
        ("access_denied", "This account may not sign in here."),
        ("credentials_login_disabled", "does not allow signing in with a password"),
        ("invalid_request", "That did not work."),
        ("server_error", "That did not work."),
    ] {
        let page = browser.get(&format!("/?identity_exception={code}"));
        assert!(page.text.contains(words), "{code}: {}", page.text);
    }
    for silent in ["unauthorized", "canary", "%3Cscript%3E"] {
        let page = browser.get(&format!("/?identity_exception={silent}"));
        assert_eq!(title(&page), "Sign in");
        assert!(!page.text.contains("role=\"alert\"") && !page.text.contains("canary"), "{silent}");
    }
}
