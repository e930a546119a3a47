//! The forms of `/account`, each seen from outside: from which page, of whose session, and who may send it.

use std::time::Duration;

use axum::body::Body;
use global_accounts::authz::policy::{self, Credentials};
use global_accounts::http::router::ROUTES;
use global_accounts::oauth::envelope::Kind;
use global_accounts::ports::Clock as _;
use http::{Method, StatusCode};

use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, EMBEDDED, ORIGIN, SESSION};
use crate::support::cast::{Cast, MEMBER};
use crate::support::client::{Answer, World};
use crate::support::sqlite::Fault;

/// A member of two organizations in a browser, and something for every form.
pub struct Home {
    pub cast: Cast,
    pub world: World,
    pub account: String,
    pub organization: String,
    pub second: String,
    /// An organization that Ann may join once her address is verified.
    pub open: String,
    pub browser: Browser,
    pub session: String,
    pub other_session: String,
    pub token: String,
    pub passkey: String,
    /// What a browser returns for a further one.
    pub credential: String,
    /// What it returns for the one that is there.
    pub proof: String,
}

pub const CLIENT: &str = "0123456789abcdef0123456789abcde0";
const PASSWORD: &str = "BG0SaleEBL";
/// A command of the operator about Ann, which waits.
const COMMAND: &str = "00000000-0000-7000-8000-0000000000c1";
/// A picture of 64 pixels each way, as far as its header tells.
pub const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40";

/// Path, fields, and what the log says then.
type Row<'a> = (&'static str, Vec<(&'static str, &'a str)>, &'static str);

impl Home {
    /// Ann owns the second organization, and is an administrator of the first.
    pub fn new() -> Self {
        Self::of(World::default())
    }

    pub fn of(world: World) -> Self {
        let (_, created) = world.sign_up("ann@example.com");
        let text = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
        let (account, second) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
        let cast = Cast::of(world.clone(), "owner@example.com");
        let organization = cast.organization.clone();
        world.join(&account, &organization, crate::support::cast::ADMINISTRATOR);
        let browser = world.browser();
        let session = browser.sign_in_as(&account, &organization);
        world.application(CLIENT, &organization, None);
        world.consent(&account, &organization, CLIENT, &["accounts--my:ro"]);
        world.personal(&account, &organization, &["accounts--my:ro"]);
        let token = world.database.value("SELECT personal_token_id FROM personal_token");
        let open = Cast::of(world.clone(), "elsewhere@example.com").organization;
        world.database.execute(&format!(
            "INSERT INTO organization_domain (domain_id, organization_id, domain, challenge, created_at, proven_at, proven_by)
             VALUES ('open', '{open}', 'example.com', '', 0, 0, 'dns')"
        ));
        world.database.execute(&format!(
            "INSERT INTO operator_command (command_id, kind, account_id, organization_id, created_at, due_at)
             VALUES ('{COMMAND}', 'reset_second_factor', '{account}', '{organization}', 1, 9000000000000)"
        ));
        world.database.execute(&format!(
            "INSERT INTO member_avatar (organization_id, account_id, avatar_id, avatar_url, updated_at)
             VALUES ('{organization}', '{account}', '{}', 'https://example.com/ann.png', 1)",
            world.app().request_id()
        ));
        assert_eq!(browser.get("/account").status, StatusCode::OK);
        let ask = |path: &str| browser.copy().post(path, &[]).json();
        let mut key = Authenticator::new(2);
        let made = key.create(&ask("/account/passkeys/options")).to_string();
        let answer = browser.copy().post("/account/passkeys", &[("passkey_name", "Phone"), ("credential", &made)]);
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        // The first one has ended the other session.
        let other_session = world.browser().sign_in_as(&account, &organization);
        let passkey = world.database.value("SELECT passkey_id FROM passkey");
        let proof = key.get(&ask("/account/step-up/options")).to_string();
        let credential = Authenticator::new(1).create(&ask("/account/passkeys/options")).to_string();
        // What the other forms ask and count is as if there were none.
        world.database.execute("UPDATE account SET mfa = 0");
        world.database.execute("DELETE FROM throttle");
        world.database.execute("DELETE FROM outbox");
        world.database.execute("UPDATE session SET ended_at = NULL");
        Self {
            passkey,
            proof,
            credential,
            cast,
            world,
            account,
            organization,
            second,
            open,
            browser,
            session,
            other_session,
            token,
        }
    }

    /// Every form with fields that would do it, and what the log says then.
    pub fn forms(&self) -> Vec<Row<'_>> {
        vec![
            ("/account/profile", vec![("name", "Changed")], "account.update"),
            (
                "/account/password",
                vec![("current_password", PASSWORD), ("password", "another-one-7")],
                "account.set_password",
            ),
            (
                "/account/email",
                vec![("email", "changed@example.com"), ("proof_password", PASSWORD)],
                "account.ask_email_change",
            ),
            // The answers to these two are read by a script.
            ("/account/passkeys/options", vec![], ""),
            ("/account/step-up/options", vec![], ""),
            ("/account/step-up", vec![("credential", self.proof.as_str())], "session.prove"),
            (
                "/account/passkeys",
                vec![("passkey_name", "Laptop"), ("credential", self.credential.as_str())],
                "passkey.create",
            ),
            (
                "/account/passkeys/rename",
                vec![("passkey_id", self.passkey.as_str()), ("passkey_name", "Old phone")],
                "passkey.update",
            ),
            ("/account/passkeys/delete", vec![("passkey_id", self.passkey.as_str())], "passkey.delete"),
            ("/account/email/verification", vec![], "account.ask_verification"),
            ("/account/picture", vec![], "account.update_avatar"),
            ("/account/picture/remove", vec![], "account.update_avatar"),
            ("/account/sessions/end", vec![("session_id", self.other_session.as_str())], "session.end"),
            ("/account/sessions/end_all", vec![], "session.end_all"),
            (
                "/account/applications/withdraw",
                vec![("client_id", CLIENT), ("organization_id", self.organization.as_str())],
                "consent.withdraw",
            ),
            (
                "/account/personal_tokens",
                vec![("token_name", "new"), ("scope", "accounts--my:ro"), ("expires_in", "")],
                "personal_token.create",
            ),
            (
                "/account/personal_tokens/delete",
                vec![("personal_token_id", self.token.as_str())],
                "personal_token.delete",
            ),
            ("/account/organization", vec![("organization_id", self.second.as_str())], "session.choose_organization"),
            ("/account/organizations/join", vec![("organization_id", self.open.as_str())], "account.join"),
            ("/account/organizations/leave", vec![("organization_id", self.organization.as_str())], "account.delete"),
            ("/account/export", vec![("export_password", PASSWORD)], "account.export"),
            (
                "/account/delete",
                vec![("delete_email", "ann@example.com"), ("delete_password", PASSWORD)],
                "account.erase",
            ),
            ("/account/operator_commands/withdraw", vec![("command_id", COMMAND)], "second_factor.withdraw_reset"),
        ]
    }

    /// Makes somebody else the owner of Ann's own organization.
    pub fn give_the_second_away(&self) {
        self.world.join(&self.cast.member.id, &self.second, MEMBER);
        self.world
            .database
            .raw()
            .execute_batch(&format!(
                "DELETE FROM membership_role WHERE organization_id = '{second}' AND account_id = '{heir}';
                 UPDATE membership_role SET account_id = '{heir}' WHERE organization_id = '{second}'",
                second = self.second,
                heir = self.cast.member.id
            ))
            .expect("an heir");
    }

    /// Sends a form with a hidden field of one's choice from a page of one's choice.
    fn send(&self, browser: &Browser, path: &str, form: &str, origin: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        let all: Vec<_> = [("form", form)].into_iter().chain(fields.iter().copied()).collect();
        browser.post_as(path, origin, &all)
    }
}

/// Refused as stale, told in place, and nothing was even asked of storage.
fn stale(answer: &Answer, place: &str) {
    assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 0), "{place}: {}", answer.text);
    assert!(answer.text.contains("This page is out of date"), "{place}: {}", answer.text);
    assert!(answer.text.contains("href=\"/account\""), "{place}: it leads to a fresh page");
    assert_eq!(answer.header("cache-control"), "no-store", "{place}");
    assert_eq!(answer.header("location"), "", "{place}");
    assert!(!answer.headers.contains_key("set-cookie"), "{place}");
}

fn to_sign_in(answer: &Answer, place: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{place}: {}", answer.text);
    assert_eq!(answer.header("location"), "/?identity_exception=unauthorized", "{place}");
}

#[test]
fn l1_every_form_does_what_it_says_in_one_batch_and_is_audited() {
    let forms = Home::new().forms().len();
    // Those of the second factor build on each other and show secrets: see `second_factor_enrolment`.
    let of_this = |path: &str| path.starts_with("/account/") && !path.starts_with("/account/second-factor/");
    let posts = ROUTES.iter().filter(|route| of_this(route.path)).count();
    assert_eq!(forms, posts, "every form is in the list");
    for at in 0..forms {
        let home = Home::new();
        let (path, fields, action) = home.forms().swap_remove(at);
        let of = format!(
            "audit_log JOIN audit_detail USING (audit_id) WHERE action = '{action}' AND actor_id = '{}'",
            home.account
        );
        if fields.contains(&("organization_id", home.open.as_str())) {
            home.world.database.execute("UPDATE account SET email_verified = 1");
        }
        let of = match path {
            // Once in each organization, and the personal values are gone with the account.
            "/account/delete" => {
                home.give_the_second_away();
                format!(
                    "audit_log WHERE action = '{action}' AND actor_id = '{}' AND organization_id = '{}'",
                    home.account, home.organization
                )
            }
            _ => of,
        };
        let before = home.world.count(&of);
        let answer = match path {
            "/account/picture" => home.browser.upload(path, &home.browser.form(), PICTURE),
            _ => home.browser.post(path, &fields),
        };
        let expected = match path {
            "/account/personal_tokens" | "/account/export" | "/account/delete" => (StatusCode::OK, 2),
            "/account/passkeys" => (StatusCode::OK, 3),
            "/account/passkeys/options" | "/account/step-up/options" => (StatusCode::OK, 1),
            "/account/password" | "/account/email" | "/account/step-up" => (StatusCode::SEE_OTHER, 2),
            _ => (StatusCode::SEE_OTHER, 1),
        };
        assert_eq!((answer.status, answer.calls.database), expected, "{path}: {}", answer.text);
        assert!(
            !answer.header("location").contains("exception"),
            "{path}: {} {}",
            answer.header("location"),
            home.world.last_line()
        );
        if action.is_empty() {
            continue;
        }
        assert_eq!(home.world.count(&of), before + 1, "{path}");
        let session: String = home.world.database.value(&format!(
            "SELECT coalesce(session_id, '') FROM audit_log WHERE action = '{action}' ORDER BY audit_id DESC LIMIT 1"
        ));
        assert_eq!(session, home.session, "{path}: by which sign-in");
    }
}

#[test]
fn a17_a_form_without_its_token_or_with_another_ones_changes_nothing() {
    let home = Home::new();
    let stranger = home.world.browser_of(&home.cast.member.id, &home.organization);
    stranger.get("/account");
    let second = home.world.browser_of(&home.account, &home.organization);
    second.get("/account");
    let app = home.world.app();
    let until = home.world.clock.now().plus(Duration::from_hours(1));
    let mint = |kind: Kind| app.mint(kind, Some(until)).expect("a token").text;
    let own = home.browser.form();
    let mut forms = vec![
        ("empty", String::new()),
        ("forged", "dal:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".to_owned()),
        ("cut short", own[..own.len() - 1].to_owned()),
        ("another account's", stranger.form()),
        ("another session's of the account", second.form()),
        ("a token that belongs to no session", mint(Kind::Csrf)),
        ("the session's own cookie", home.browser.cookie(SESSION).expect("a cookie")),
    ];
    forms.extend(Kind::ALL.into_iter().map(|kind| ("of another kind", mint(kind))));
    let before = home.world.database.dump();
    for (path, fields, _) in home.forms() {
        for (name, form) in &forms {
            stale(&home.send(&home.browser, path, form, Some(ORIGIN), &fields), &format!("{path} {name}"));
        }
        stale(&home.browser.post_as(path, Some(ORIGIN), &fields), &format!("{path} without"));
        let twice: Vec<_> =
            [("form", own.as_str()), ("form", own.as_str())].into_iter().chain(fields.clone()).collect();
        stale(&home.browser.post_as(path, Some(ORIGIN), &twice), &format!("{path} twice"));
        let answer = home.browser.request(
            Method::POST,
            &format!("{path}?form={own}"),
            &[("origin", ORIGIN), ("content-type", "application/x-www-form-urlencoded")],
            "",
        );
        stale(&answer, &format!("{path} in the address"));
        for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x"] {
            let body = format!("form={own}");
            let headers = [("origin", ORIGIN), ("content-type", kind)];
            let answer = home.browser.request(Method::POST, path, &headers, &body);
            assert_eq!(answer.header("location"), "/ooops?oauth_exception=invalid_request", "{path} {kind}");
        }
    }
    assert_eq!(home.world.database.dump(), before, "nothing changed");
}

#[test]
fn a17_a_form_from_anywhere_but_this_origin_changes_nothing() {
    let home = Home::new();
    let form = home.browser.form();
    let before = home.world.database.dump();
    let origins = [
        None,
        Some("null"),
        Some(""),
        Some("https://evil.example"),
        Some("https://localhost"),
        Some("http://localhost:8787"),
        Some("http://localhost.evil.example"),
        Some("http://127.0.0.1"),
        Some("http://localhost/"),
        Some("http://localhost http://evil.example"),
    ];
    for (path, fields, _) in home.forms() {
        for origin in origins {
            stale(&home.send(&home.browser, path, &form, origin, &fields), &format!("{path} from {origin:?}"));
        }
    }
    assert_eq!(home.world.database.dump(), before, "nothing changed");
}

#[test]
fn s6_the_cookie_of_one_account_with_the_form_of_another_is_refused() {
    let home = Home::new();
    let stranger = home.world.browser_of(&home.cast.owner.id, &home.organization);
    stranger.get("/account");
    let (own, foreign) = (home.browser.form(), stranger.form());
    let before = home.world.database.dump();
    for (path, fields, _) in home.forms() {
        stale(&home.send(&stranger, path, &own, Some(ORIGIN), &fields), path);
        stale(&home.send(&home.browser, path, &foreign, Some(ORIGIN), &fields), path);
    }
    assert_eq!(home.world.database.dump(), before, "nothing changed");
}

#[test]
fn a17_a_form_is_good_for_a_day() {
    let home = Home::new();
    let late = home.browser.copy();
    home.world.clock.advance(Duration::from_secs(24 * 3_600 - 1));
    assert_eq!(home.browser.post("/account/profile", &[("name", "In time")]).status, StatusCode::SEE_OTHER);
    home.world.clock.advance(Duration::from_secs(1));
    stale(&late.post("/account/profile", &[("name", "Too late")]), "a day later");
    let name: String =
        home.world.database.value(&format!("SELECT name FROM account WHERE account_id = '{}'", home.account));
    assert_eq!(name, "In time");
}

/// Whoever's cookie is over, or is no cookie of a session, is asked to sign in, whatever the form says.
#[test]
fn s3_s6_m1_a_session_that_is_over_opens_nothing() {
    let home = Home::new();
    let form = home.browser.form();
    let of_session = |change: &str| format!("UPDATE session SET {change} WHERE session_id = '{}'", home.session);
    let ends = [
        ("ended", of_session("ended_at = 1")),
        ("idle for too long", of_session("idle_expires_at = 1")),
        ("too old", of_session("expires_at = 1")),
        ("half signed in", of_session("mfa_pending = 1")),
        ("signed in elsewhere", of_session("cookie_digest = NULL")),
        ("older than the password", "UPDATE account SET token_epoch = token_epoch + 1".to_owned()),
        ("suspended", format!("UPDATE membership SET suspended = 1 WHERE account_id = '{}'", home.account)),
        ("in no organization", "DELETE FROM session_organization".to_owned()),
    ];
    for (name, end) in ends {
        home.world.database.execute("SAVEPOINT before_the_end");
        home.world.database.execute(&end);
        let before = home.world.database.dump();
        to_sign_in(&home.browser.get("/account"), name);
        for (path, fields, _) in home.forms() {
            to_sign_in(&home.send(&home.browser, path, &form, Some(ORIGIN), &fields), &format!("{name} {path}"));
        }
        assert_eq!(home.world.database.dump(), before, "{name}: nothing changed");
        home.world.database.execute("ROLLBACK TO before_the_end");
        home.world.database.execute("RELEASE before_the_end");
    }
    assert_eq!(home.browser.get("/account").status, StatusCode::OK, "the test's own condition");
}

#[test]
fn t6_s6_only_the_cookie_for_pages_opens_the_page() {
    let home = Home::new();
    let app = home.world.app();
    let until = Some(home.world.clock.now().plus(Duration::from_hours(1)));
    let (page, embedded) = (home.browser.cookie(SESSION).expect("one"), home.browser.cookie(EMBEDDED).expect("one"));
    let before = home.world.database.dump();

    let browser = home.browser.copy();
    browser.set_cookie(SESSION, &embedded);
    to_sign_in(&browser.get("/account"), "the embedded cookie in the other's place");
    browser.remove_cookie(SESSION);
    browser.set_cookie(EMBEDDED, &page);
    to_sign_in(&browser.get("/account"), "the page's cookie in the embedded one's place");
    for kind in Kind::ALL {
        let browser = home.browser.copy();
        browser.set_cookie(SESSION, &app.mint(kind, until).expect("a token").text);
        let answer = browser.get("/account");
        to_sign_in(&answer, "a token of another kind, or a session that nobody began");
        assert_eq!(answer.calls.database, u32::from(kind == Kind::Session), "F1 {kind:?}");
    }
    let access = home.world.full_token_for(&home.account, &home.organization);
    for value in [access.as_str(), "", "dal:forged", &page[..page.len() - 1], &format!("{page}A")] {
        let browser = home.browser.copy();
        browser.set_cookie(SESSION, value);
        let answer = browser.get("/account");
        to_sign_in(&answer, value);
        assert_eq!(answer.calls.database, 0, "F1 {value}");
    }
    let twice = format!("{SESSION}={page}; {SESSION}={access}");
    let answer = home.world.with_headers(Method::GET, "/account", &[("cookie", &twice)], "");
    to_sign_in(&answer, "which of two cookies is not for us to choose");
    let answer = home.world.bearer(&access).get("/account");
    to_sign_in(&answer, "an access token in the header");
    let grew = home.world.database.dump().len() - before.len();
    assert!(grew > 0 && home.world.count("session WHERE seen_at > created_at") == 0, "only the planted token is new");
}

/// The other way round: the API knows nobody by a cookie.
#[test]
fn a17_no_operation_of_the_api_takes_a_cookie() {
    let home = Home::new();
    let before = home.world.database.dump();
    let mut asked = 0;
    for route in ROUTES.iter().filter(|route| !route.is_page()) {
        if matches!(policy::rule(route.operation).credentials, Credentials::Any | Credentials::Bearer) {
            let path = crate::support::routes::path(route);
            let answer = home.browser.request(route.method.clone(), &path, &[("origin", ORIGIN)], "{}");
            assert_eq!(
                (answer.status, answer.calls.database),
                (StatusCode::UNAUTHORIZED, 0),
                "{} {path}",
                route.method
            );
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked}");
    assert_eq!(home.world.database.dump(), before);
}

#[test]
fn s3_a_session_ends_when_it_is_not_used_and_in_any_case() {
    let home = Home::new();
    let day = Duration::from_hours(24);
    home.world.clock.advance(29 * day);
    assert_eq!(home.browser.get("/account").status, StatusCode::OK, "used in time");
    home.world.clock.advance(29 * day);
    assert_eq!(home.browser.get("/account").status, StatusCode::OK, "use moves the idle end");
    home.world.clock.advance(29 * day);
    assert_eq!(home.browser.get("/account").status, StatusCode::OK, "87 days");
    let ends = |column: &str| -> i64 {
        home.world.database.value(&format!("SELECT {column} FROM session WHERE session_id = '{}'", home.session))
    };
    assert_eq!(ends("idle_expires_at"), ends("expires_at"), "never beyond the absolute end");
    home.world.clock.advance(3 * day);
    let answer = home.browser.get("/account");
    to_sign_in(&answer, "90 days");
    assert_eq!(answer.calls.database, 0, "F2: the cookie says so itself");

    let home = Home::new();
    home.world.clock.advance(30 * day - Duration::from_secs(1));
    assert_eq!(home.browser.copy().get("/account").status, StatusCode::OK);
    let home = Home::new();
    home.world.clock.advance(30 * day);
    let before = home.world.database.dump();
    to_sign_in(&home.browser.get("/account"), "30 idle days");
    assert_eq!(home.world.database.dump(), before, "and looking does not revive it");
}

#[test]
fn i2_a_storage_fault_leads_to_the_error_page_and_changes_nothing() {
    let home = Home::new();
    let before = home.world.database.dump();
    home.world.database.set_fault(Some(Fault::BeforeCommit));
    for (path, fields, _) in home.forms() {
        let answer = home.browser.copy().post(path, &fields);
        assert_eq!(answer.header("location"), "/ooops?oauth_exception=server_error", "{path}");
        assert!(!answer.headers.contains_key("set-cookie"), "{path}");
    }
    home.world.database.set_fault(None);
    assert_eq!(home.world.database.dump(), before);
}

#[test]
fn a_stale_form_is_told_in_the_readers_language() {
    let home = Home::new();
    let headers = [("origin", "null"), ("accept-language", "pl")];
    let answer = home.browser.request(Method::POST, "/account/profile", &headers, "");
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.text.contains("<html lang=\"pl\">"), "{}", answer.text);
    let answer = home.browser.request(Method::POST, "/account/profile?lang=en", &headers, "");
    assert!(answer.text.contains("<html lang=\"en\">") && answer.text.contains("/account?lang=en"), "{}", answer.text);
}

/// Every kind of person at every form; read it when it changes (rows Z1, S4).
#[test]
fn z1_every_kind_of_visitor_at_every_page() {
    let home = Home::new();
    let (world, cast) = (&home.world, &home.cast);
    let member = world.browser_of(&cast.member.id, &home.organization);
    let owner = world.browser_of(&cast.owner.id, &home.organization);
    let (_, created) = world.sign_up("stranger@example.com");
    let text = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
    let stranger = world.browser_of(&text(&created["account_id"]), &text(&created["organization"]["organization_id"]));
    let only = world.member_of(&home.organization, "only@example.com", MEMBER);
    let ended = world.browser_of(&only, &home.organization);
    let visitors = [
        ("nobody", world.browser()),
        ("ended", ended.clone()),
        ("stranger", stranger),
        ("member", member),
        ("owner", owner),
        ("ann", home.browser.clone()),
    ];
    for (_, visitor) in &visitors {
        visitor.get("/account");
    }
    world.database.execute(&format!("UPDATE session SET ended_at = 1 WHERE account_id = '{only}'"));
    let mut table = format!("{:<34}", "");
    for (name, _) in &visitors {
        table += &format!("{name:>10}");
    }
    let mut rows = vec![("/account", vec![])];
    rows.extend(home.forms().into_iter().map(|(path, fields, _)| (path, fields)));
    for (path, fields) in rows {
        table += &format!("\n{path:<34}");
        for (name, visitor) in &visitors {
            world.database.execute("SAVEPOINT cell");
            let visitor = visitor.copy();
            let answer = match path {
                "/account" => visitor.get(path),
                _ if *name == "nobody" => visitor.post_as(path, Some(ORIGIN), &fields),
                _ => visitor.post(path, &fields),
            };
            world.database.execute("ROLLBACK TO cell");
            world.database.execute("RELEASE cell");
            let told = match answer.header("location") {
                "" => answer.status.as_str().to_owned(),
                location if location.starts_with("/?identity") => "sign in".to_owned(),
                location if location.starts_with("/ooops") => "error".to_owned(),
                _ => "done".to_owned(),
            };
            table += &format!("{told:>10}");
        }
    }
    insta::assert_snapshot!("page_matrix", table);
}

#[test]
fn the_forms_take_nothing_but_post() {
    let home = Home::new();
    for (path, ..) in home.forms() {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let answer = home.browser.request(method.clone(), path, &[("origin", ORIGIN)], "");
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
    let answer = home.world.with_headers(Method::HEAD, "/account", &[], Body::empty());
    to_sign_in(&answer, "HEAD");
}
