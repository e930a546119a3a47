//! What a person sees and changes on `/account`.

use std::time::Duration;

use global_accounts::oauth::envelope::Kind;
use http::StatusCode;

use super::account_forms::{CLIENT, Home};
use crate::support::browser::{Browser, EMBEDDED, SESSION};
use crate::support::cast::{Cast, MEMBER, OWNER};
use crate::support::client::{Answer, World};

const PASSWORD: &str = "BG0SaleEBL";

fn done(answer: &Answer, location: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "A13 {}", answer.text);
    assert_eq!(answer.header("location"), location);
    assert_eq!(answer.header("cache-control"), "no-store");
}

/// The page again, with what is wrong; nothing was done.
fn refused(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}: {}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
    assert!(!answer.headers.contains_key("set-cookie"), "{words}");
}

/// Sends the same form with each of these fields, from a fresh page each, and sees nothing change.
fn each_is_refused(home: &Home, path: &str, cases: &[(&[(&str, &str)], &str)]) {
    home.browser.get("/account");
    let before = home.world.database.dump();
    for (fields, words) in cases {
        let answer = home.browser.copy().post(path, fields);
        refused(&answer, words);
        assert!(answer.calls.database <= 2, "{words}: {:?}", answer.calls);
    }
    assert_eq!(home.world.database.dump(), before, "{path}: nothing changed");
}

fn session(home: &Home, column: &str) -> Option<String> {
    let sql = format!("SELECT CAST({column} AS TEXT) FROM session WHERE session_id = '{}'", home.session);
    home.world.database.value(&sql)
}

/// The browser goes on with new cookies, the old ones are nobody's, and the session is the same one (row A19).
fn cookies_changed(home: &Home, old: &Browser) {
    for name in [SESSION, EMBEDDED] {
        assert_ne!(home.browser.cookie(name), old.cookie(name), "A19 {name}");
        assert!(home.browser.cookie(name).is_some(), "A19 {name}");
    }
    assert_eq!(session(home, "cookie_digest").as_deref(), Some(home.browser.session_digest().as_str()));
    assert_eq!(session(home, "ended_at"), None, "the session lives on");
    assert_eq!(old.get("/account").header("location"), "/?identity_exception=unauthorized", "A19: the old one is dead");
    assert_eq!(home.browser.get("/account").status, StatusCode::OK);
}

#[test]
fn a16_s5_the_page_shows_what_is_the_persons_in_one_round_trip() {
    let home = Home::new();
    home.cast.enable("LiveChat");
    home.world.personal(&home.cast.owner.id, &home.organization, &["accounts--my:rw"]);
    home.world
        .database
        .execute(&format!("UPDATE account SET name = 'Ann Example' WHERE account_id = '{}'", home.account));
    let page = home.browser.get("/account");
    assert_eq!((page.status, page.calls.database, page.calls.cache), (StatusCode::OK, 1, 0));
    for shown in ["Ann Example", "ann@example.com", "LiveChat", "planted", "App", "See your account", "192.0.2.1"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    for id in [&home.session, &home.other_session, &home.token, &home.organization, &home.second] {
        assert!(page.text.contains(id.as_str()), "{id}");
    }
    assert!(!page.text.contains("owner@example.com"), "nothing of anybody else");
    assert_eq!(page.text.matches("name=\"personal_token_id\"").count(), 1, "her own tokens only");
    assert_eq!(page.text.matches(">This browser<").count(), 1);
    let policy = page.header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "A16 {policy}");
    assert_eq!(page.header("x-frame-options"), "DENY", "A16");
    assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), ("no-store", "nosniff"), "A16");
    assert_eq!(page.header("referrer-policy"), "strict-origin", "A16");
    assert_eq!(page.header("strict-transport-security"), "max-age=31536000; includeSubDomains", "S8");
    assert_eq!(page.header("access-control-allow-origin"), "", "S7");
    for secret in [home.browser.cookie(SESSION), home.browser.cookie(EMBEDDED)] {
        assert!(!page.text.contains(&secret.expect("a cookie")), "S2");
    }
}

#[test]
fn s2_what_is_stored_opens_nothing() {
    let home = Home::new();
    for name in [SESSION, EMBEDDED] {
        let cookie = home.browser.cookie(name).expect("a cookie");
        let body = cookie.split_once(':').expect("a region").1;
        let cells = home.world.database.dump();
        assert!(!cells.iter().any(|(.., text)| text.contains(body)), "{name}");
        let digest = home.browser.session_digest();
        let browser = home.browser.copy();
        browser.set_cookie(SESSION, digest.as_str());
        assert_eq!(browser.get("/account").calls.database, 0, "a digest is no cookie");
    }
}

#[test]
fn the_page_speaks_the_chosen_language_and_keeps_it() {
    let home = Home::new();
    let page = home.browser.get("/account?lang=pl");
    assert!(page.text.contains("<html lang=\"pl\">"));
    assert!(page.text.contains("action=\"/account/profile?lang=pl\""), "{}", page.text);
    let answer = home.browser.post("/account/profile?lang=pl", &[("name", "Anna")]);
    done(&answer, "/account?done=profile_saved&lang=pl#profile");
    let page = home.browser.get("/account?done=profile_saved&lang=pl");
    let stranger = home.world.browser();
    done(&stranger.get("/account?lang=pl"), "/?identity_exception=unauthorized&lang=pl");
    done(
        &stranger.get("/?response_type=token&lang=pl"),
        "/ooops?oauth_exception=unauthorized_client&exception_details=client_id_not_found&lang=pl",
    );
    assert!(page.text.contains("role=\"status\""), "{}", page.text);
    let page = home.browser.get("/account?done=%3Cscript%3E");
    assert!(!page.text.contains("role=\"status\"") && !page.text.contains("<script>"), "an unknown code says nothing");
    let page = home.browser.request(http::Method::GET, "/account", &[("accept-language", "pl-PL,pl;q=0.9")], "");
    assert!(page.text.contains("<html lang=\"pl\">"));
}

#[test]
fn a22_hostile_values_stay_text() {
    let home = Home::new();
    let hostile = "\"><script>alert(1)</script><b a='&lt;";
    let quoted = hostile.replace('\'', "''");
    for (table, column) in [
        ("account", "name"),
        ("account", "email"),
        ("organization", "name"),
        ("client", "name"),
        ("personal_token", "name"),
        ("session", "user_agent"),
        ("session", "ip"),
        ("scope", "description"),
    ] {
        let change = format!("UPDATE {table} SET {column} = '{quoted}'");
        home.world.database.execute(&change);
    }
    home.world.database.execute(&format!("UPDATE consent SET scopes = json_array('{quoted}')"));
    for answer in [
        home.browser.get("/account?done=%22%3E%3Cscript%3Ealert(1)"),
        home.browser.post("/account/profile", &[("name", &format!("\u{202e}{hostile}"))]),
        home.browser
            .post("/account/personal_tokens", &[("token_name", hostile), ("scope", hostile), ("expires_in", hostile)]),
    ] {
        assert!(!answer.text.contains("<script>alert") && !answer.text.contains("<b a="), "{}", answer.text);
        assert!(!answer.text.contains("\"><script"), "{}", answer.text);
        assert!(answer.text.contains("alert(1)"), "shown as text");
    }
    home.browser.get("/account");
    done(&home.browser.post("/account/profile", &[("name", "Ann")]), "/account?done=profile_saved#profile");
}

#[test]
fn z2_z3_the_profile_takes_a_name_and_nothing_else() {
    let home = Home::new();
    let member = &home.cast.member.id;
    let fields = [
        ("name", "  Ann \u{65}\u{301}  "),
        ("account_id", member.as_str()),
        ("organization_id", &home.second),
        ("email", "other@example.com"),
        ("email_verified", "1"),
        ("default_product", "LiveChat"),
        ("roles", OWNER),
    ];
    done(&home.browser.post("/account/profile", &fields), "/account?done=profile_saved#profile");
    let row: String = home.world.database.value(&format!(
        "SELECT name || '|' || email || '|' || email_verified || '|' || coalesce(default_product, '')
         FROM account WHERE account_id = '{}'",
        home.account
    ));
    assert_eq!(row, "Ann \u{e9}|ann@example.com|0|");
    let other: String = home.world.database.value(&format!("SELECT name FROM account WHERE account_id = '{member}'"));
    assert_eq!(other, "");
    let long = "n".repeat(192);
    each_is_refused(
        &home,
        "/account/profile",
        &[
            (&[("name", "")], "Enter your name."),
            (&[("name", " \t ")], "Enter your name."),
            (&[], "Enter your name."),
            (&[("name", &long)], "too long"),
            (&[("name", "a\u{0}b")], "cannot be shown"),
            (&[("name", "a\r\nSet-Cookie: x=y")], "cannot be shown"),
        ],
    );
    let answer = home.browser.post("/account/profile", &[("name", "kept\u{202e}")]);
    assert!(answer.text.contains("value=\"kept\u{202e}\""), "what was written stays: {}", answer.text);
}

fn change(browser: &Browser, current: &str, new: &str) -> Answer {
    browser.post("/account/password", &[("current_password", current), ("password", new)])
}

#[test]
fn p10_s4_a19_a_new_password_ends_everything_but_this_browser_and_personal_tokens() {
    let home = Home::new();
    let (world, account) = (&home.world, &home.account);
    let old = home.browser.copy();
    let planted = world.bearer(&world.full_token_for(account, &home.second));
    let own = world.grant(CLIENT, account, &home.organization, &home.session, &["accounts--my:ro"]);
    let personal = world.personal(account, &home.organization, &["accounts--my:ro"]);
    let other = world.browser_of(account, &home.organization);
    world.clock.advance(Duration::from_secs(60));

    let answer = change(&home.browser, PASSWORD, "another-one-7");
    done(&answer, "/account?done=password_changed#security");
    assert_eq!(answer.calls.database, 2);
    cookies_changed(&home, &old);
    assert_eq!(session(&home, "authenticated_at").as_deref(), Some("1700000060000"), "a factor was proved");
    assert_eq!(
        other.get("/account").header("location"),
        "/?identity_exception=unauthorized",
        "S4: every other session"
    );
    for client in [&planted, &world.bearer(&own.access_token)] {
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "S4: every access token");
    }
    let refresh = serde_json::json!({
        "grant_type": "refresh_token", "client_id": CLIENT, "refresh_token": own.refresh_token,
    });
    let refresh = world.ask_token(Some("application/json"), None, "/v2/token", &refresh.to_string());
    assert_eq!(refresh.json()["error"], "invalid_grant", "S4: every refresh token, this session's too");
    assert_eq!(personal.get("/v2/accounts/me").status, StatusCode::OK, "personal tokens live");
    assert_eq!(world.count("session WHERE ended_at IS NULL AND cookie_digest IS NOT NULL AND account_id = (SELECT account_id FROM account WHERE email = 'ann@example.com')"), 1);
    assert_eq!(world.count("outbox WHERE template = 'password_changed'"), 1, "told by mail");
    let stored = world.database.dump().into_iter().map(|(.., text)| text);
    assert!(!stored.chain(world.lines()).any(|text| text.contains("another-one-7")), "L4");
    assert_eq!(world.count("throttle WHERE bucket LIKE 'current_password:%'"), 0, "a right one begins anew");

    home.browser.get("/account");
    refused(&change(&home.browser, PASSWORD, "another-one-8"), "This is not your current password.");
    done(&change(&home.browser, "another-one-7", PASSWORD), "/account?done=password_changed#security");
}

#[test]
fn p10_without_the_present_password_nothing_changes() {
    let home = Home::new();
    let phc = |home: &Home| -> String {
        home.world.database.value(&format!("SELECT phc FROM password WHERE account_id = '{}'", home.account))
    };
    let before = phc(&home);
    for wrong in ["bg0saleebl", "BG0SaleEBL ", "another-one-7", "\u{0}", "'; DROP TABLE password; --"] {
        let answer = change(&home.browser.copy(), wrong, "another-one-7");
        refused(&answer, "This is not your current password.");
        assert!(!answer.text.contains("another-one-7"), "no password in a page");
    }
    assert_eq!((phc(&home), home.world.count("outbox")), (before, 0));
    assert_eq!(home.world.count("audit_log WHERE action = 'account.set_password'"), 0);
    assert_eq!(home.world.count("session WHERE ended_at IS NOT NULL"), 0);
    assert_eq!(session(&home, "cookie_digest").as_deref(), Some(home.browser.session_digest().as_str()));
    let long = "n".repeat(256);
    each_is_refused(
        &home,
        "/account/password",
        &[
            (&[("current_password", PASSWORD), ("password", "short77")], "Use at least 8 characters."),
            (&[("current_password", PASSWORD), ("password", &long)], "Use at most 255 characters."),
            (&[("current_password", PASSWORD), ("password", "password1")], "most common"),
            (&[("current_password", PASSWORD)], "Enter your password."),
            (&[("current_password", ""), ("password", "another-one-7")], "This is not your current password."),
            (&[("password", "another-one-7")], "This is not your current password."),
        ],
    );
}

#[test]
fn p10_an_account_without_a_password_has_nothing_to_prove_here() {
    let home = Home::new();
    home.world.database.execute(&format!("DELETE FROM password WHERE account_id = '{}'", home.account));
    for guess in [PASSWORD, "x", " "] {
        refused(&change(&home.browser.copy(), guess, "another-one-7"), "This is not your current password.");
    }
    assert_eq!(home.world.count(&format!("password WHERE account_id = '{}'", home.account)), 0);
}

#[test]
fn e3_e4_guesses_of_the_present_password_are_counted_before_the_hash() {
    let home = Home::of(World::with(&[("PASSWORD_ATTEMPTS", "3")]));
    for _ in 0..3 {
        refused(&change(&home.browser.copy(), "wrong", "another-one-7"), "This is not your current password.");
    }
    let answer = change(&home.browser.copy(), PASSWORD, "another-one-7");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1), "before the hash");
    assert_eq!(answer.header("retry-after"), "60");
    assert!(answer.text.contains("Too many attempts") && answer.text.contains("1 min"), "{}", answer.text);
    assert_eq!(home.world.count("outbox"), 0, "the right one does not count any more");
    home.world.clock.advance(Duration::from_secs(59));
    assert_eq!(
        change(&home.browser.copy(), PASSWORD, "another-one-7").header("retry-after"),
        "1",
        "trying on does not lengthen it"
    );
    let other = home.world.browser_of(&home.cast.owner.id, &home.organization);
    other.get("/account");
    done(&change(&other, PASSWORD, "another-one-7"), "/account?done=password_changed#security");
    home.world.clock.advance(Duration::from_secs(1));
    done(&change(&home.browser, PASSWORD, "another-one-7"), "/account?done=password_changed#security");
}

#[test]
fn r8_a_password_that_changed_meanwhile_is_not_the_present_one() {
    let home = Home::new();
    let phc = "$argon2id$v=19$m=19456,t=2,p=1,keyid=AA$AAAAAAAAAAAAAAAAAAAAAA$BBBB";
    home.world
        .database
        .meanwhile(1, &format!("UPDATE password SET phc = '{phc}' WHERE account_id = '{}'", home.account));
    refused(&change(&home.browser, PASSWORD, "another-one-7"), "This is not your current password.");
    let stored: String =
        home.world.database.value(&format!("SELECT phc FROM password WHERE account_id = '{}'", home.account));
    assert_eq!((stored.as_str(), home.world.count("outbox")), (phc, 0));
}

#[test]
fn s5_a_session_is_ended_with_its_tokens_and_only_ones_own() {
    let home = Home::new();
    let token = home.world.grant(CLIENT, &home.account, &home.organization, &home.other_session, &["accounts--my:ro"]);
    let stranger: String = home
        .world
        .database
        .value(&format!("SELECT session_id FROM session WHERE account_id = '{}' LIMIT 1", home.cast.owner.id));
    let absent = "00000000-0000-7000-8000-000000000000";
    each_is_refused(
        &home,
        "/account/sessions/end",
        &[
            (&[("session_id", &stranger)], "not there any more"),
            (&[("session_id", absent)], "not there any more"),
            (&[("session_id", "nonsense")], "not there any more"),
            (&[], "not there any more"),
        ],
    );
    let end = [("session_id", home.other_session.as_str())];
    done(&home.browser.post("/account/sessions/end", &end), "/account?done=session_ended#sessions");
    let access = home.world.bearer(&token.access_token);
    assert_eq!(access.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    let page = home.browser.get("/account");
    assert!(page.text.contains(&home.session) && !page.text.contains(&home.other_session));
    refused(&home.browser.post("/account/sessions/end", &end), "not there any more");

    home.browser.get("/account");
    home.browser.post("/account/sessions/end", &[("session_id", &home.session)]);
    assert_eq!(home.browser.get("/account").header("location"), "/?identity_exception=unauthorized", "one's own too");
}

#[test]
fn s1_s5_the_end_of_all_sessions_clears_the_cookies() {
    let home = Home::new();
    let copy = home.browser.copy();
    let other = home.world.browser_of(&home.account, &home.second);
    let stranger = home.world.browser_of(&home.cast.owner.id, &home.organization);
    let answer = home.browser.post("/account/sessions/end_all", &[]);
    done(&answer, "/");
    assert_eq!((home.browser.cookie(SESSION), home.browser.cookie(EMBEDDED)), (None, None), "S1");
    for browser in [&copy, &other] {
        assert_eq!(browser.get("/account").header("location"), "/?identity_exception=unauthorized");
    }
    assert_eq!(stranger.get("/account").status, StatusCode::OK, "nobody else's");
}

#[test]
fn s4_z1_access_is_withdrawn_with_everything_that_it_gave_and_nothing_else() {
    let home = Home::new();
    let (world, account) = (&home.world, &home.account);
    world.consent(account, &home.second, CLIENT, &["accounts--my:ro"]);
    world.consent(&home.cast.owner.id, &home.organization, CLIENT, &["accounts--my:ro"]);
    let other_client = "0123456789abcdef0123456789abcde1";
    world.application(other_client, &home.organization, None);
    let grant = |client, account: &str, organization: &str| {
        let session: String = world.database.value(&format!(
            "SELECT session_id FROM session WHERE account_id = '{account}' ORDER BY rowid DESC LIMIT 1"
        ));
        world.grant(client, account, organization, &session, &["accounts--my:ro"])
    };
    let dies = grant(CLIENT, account, &home.organization);
    let live = [
        grant(CLIENT, account, &home.second),
        grant(other_client, account, &home.organization),
        grant(CLIENT, &home.cast.owner.id, &home.organization),
    ];
    let code = |digest: &str, account: &str, organization: &str| {
        world.database.execute(&format!(
            "INSERT INTO authorization_code (code_digest, client_id, redirect_uri, account_id, organization_id,
               session_id, scopes, account_epoch, membership_epoch, client_epoch, created_at, expires_at)
             VALUES ('{digest}', '{CLIENT}', 'https://app.example.com', '{account}', '{organization}', '{}', '[]', 0, 0,
               0, 1700000000000, 1700000060000)",
            home.session
        ));
    };
    code("dies", account, &home.organization);
    code("lives", account, &home.second);

    let absent = "00000000000000000000000000000000";
    let organization = home.organization.as_str();
    each_is_refused(
        &home,
        "/account/applications/withdraw",
        &[
            (&[("client_id", absent), ("organization_id", organization)], "not there any more"),
            (&[("client_id", other_client), ("organization_id", organization)], "not there any more"),
            (
                &[("client_id", CLIENT), ("organization_id", "00000000-0000-7000-8000-000000000000")],
                "not there any more",
            ),
            (&[("client_id", "' OR 1=1"), ("organization_id", organization)], "not there any more"),
            (&[("client_id", CLIENT)], "not there any more"),
            (&[("organization_id", organization)], "not there any more"),
        ],
    );

    let withdraw = [("client_id", CLIENT), ("organization_id", organization)];
    let answer = home.browser.post("/account/applications/withdraw", &withdraw);
    done(&answer, "/account?done=access_withdrawn#applications");
    assert_eq!(answer.calls.database, 1);
    assert_eq!(world.bearer(&dies.access_token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    for lives in &live {
        assert_eq!(world.bearer(&lives.access_token).get("/v2/accounts/me").status, StatusCode::OK);
    }
    assert_eq!(world.count("refresh_family WHERE revoked_at IS NOT NULL"), 1);
    assert_eq!(world.database.value::<String>("SELECT group_concat(code_digest) FROM authorization_code"), "lives");
    assert_eq!(world.count("consent"), 2);
    refused(&home.browser.post("/account/applications/withdraw", &withdraw), "not there any more");

    home.world.clock.advance(Duration::from_millis(1));
    home.browser.get("/account");
    let elsewhere = [("client_id", CLIENT), ("organization_id", home.second.as_str())];
    done(
        &home.browser.post("/account/applications/withdraw", &elsewhere),
        "/account?done=access_withdrawn#applications",
    );
    let logs: String = world.database.value(
        "SELECT group_concat(organization_id || ' ' || target_kind || ' ' || target_id) FROM (
           SELECT * FROM audit_log WHERE action = 'consent.withdraw' ORDER BY audit_id)",
    );
    assert_eq!(
        logs,
        format!("{organization} client {CLIENT},{} client {CLIENT}", home.second),
        "each in the log of its organization"
    );
}

#[test]
fn t8_z14_a_personal_token_is_shown_once() {
    let home = Home::new();
    let fields = [
        ("token_name", "nightly"),
        ("scope", "accounts--my:ro"),
        ("scope", "accounts--all:ro"),
        ("expires_in", "2592000"),
    ];
    let answer = home.browser.post("/account/personal_tokens", &fields);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"), "T8");
    let value = |id: &str| -> String {
        let input = answer.text.split(&format!("id=\"{id}\" value=\"")).nth(1).expect("an input");
        input.split('"').next().expect("a value").to_owned()
    };
    let (user, token) = (value("token_user"), value("token_value"));
    assert_eq!(user, home.account);
    let opened = home.world.app().open(Kind::Personal, &token).expect("genuine");
    assert_eq!(opened.expires_at.map(|at| at.millis()), Some(1_700_000_000_000 + 2_592_000_000));
    assert_eq!(home.world.basic(&user, &token).get("/v2/accounts").status, StatusCode::OK, "it works");
    let page = home.browser.get("/account");
    assert!(page.text.contains("nightly") && !page.text.contains(&token), "shown once");
    let body = token.split_once(':').expect("a region").1;
    assert!(!home.world.database.dump().iter().any(|(.., text)| text.contains(body)), "S2");
    assert!(!home.world.lines().iter().any(|line| line.contains(body)), "L4");
    assert_eq!(home.world.count("outbox WHERE template = 'personal_token_created'"), 1, "told by mail");
}

#[test]
fn z14_z4_a_personal_token_has_no_more_than_its_owner() {
    let home = Home::new();
    let member = home.world.browser_of(&home.cast.member.id, &home.organization);
    let page = member.get("/account");
    assert!(page.text.contains("value=\"accounts--my:ro\""), "{}", page.text);
    for beyond in ["accounts--all:rw", "billing_admin", "organization--my:rw", "sessions--all:rw"] {
        assert!(!page.text.contains(&format!("value=\"{beyond}\"")), "{beyond} is not offered");
        let fields = [("token_name", "t"), ("scope", "accounts--my:ro"), ("scope", beyond), ("expires_in", "")];
        let answer = member.copy().post("/account/personal_tokens", &fields);
        refused(&answer, "Tick at least one thing");
        assert!(answer.text.contains("value=\"accounts--my:ro\" checked"), "what was ticked stays");
    }
    let long = "n".repeat(192);
    let scope = ("scope", "accounts--my:ro");
    each_is_refused(
        &home,
        "/account/personal_tokens",
        &[
            (&[("token_name", ""), scope, ("expires_in", "")], "Say what the token is for."),
            (&[("token_name", &long), scope, ("expires_in", "")], "too long"),
            (&[("token_name", "t"), ("expires_in", "")], "Tick at least one thing"),
            (&[("token_name", "t"), ("scope", "nothing--my:ro"), ("expires_in", "")], "Tick at least one thing"),
            (&[("token_name", "t"), ("scope", "'; --"), ("expires_in", "")], "Tick at least one thing"),
            (&[("token_name", "t"), scope, ("expires_in", "1")], "Choose when the token ends."),
            (&[("token_name", "t"), scope, ("expires_in", "-1")], "Choose when the token ends."),
            (&[("token_name", "t"), scope, ("expires_in", "99999999999999999999")], "Choose when the token ends."),
        ],
    );
    assert_eq!(home.world.count("personal_token"), 1, "the planted one");

    let strict = home.world.reconfigured(&[("PROFILE", "strict")]).browser();
    strict.sign_in_as(&home.account, &home.organization);
    assert!(!strict.get("/account").text.contains("<option value=\"\">"), "every token ends");
    refused(
        &strict.post("/account/personal_tokens", &[("token_name", "t"), scope, ("expires_in", "")]),
        "Choose when the token ends.",
    );
    let full = home.world.reconfigured(&[("MAX_PERSONAL_TOKENS", "1")]).browser();
    full.sign_in_as(&home.account, &home.organization);
    full.get("/account");
    refused(
        &full.post("/account/personal_tokens", &[("token_name", "t"), scope, ("expires_in", "")]),
        "as many personal tokens as there may be",
    );
    assert_eq!(home.world.count("personal_token"), 1);
}

#[test]
fn z1_only_ones_own_personal_tokens_are_deleted() {
    let home = Home::new();
    let foreign = |account: &str, organization: &str| -> String {
        home.world.clock.advance(Duration::from_millis(1));
        home.world.personal(account, organization, &["accounts--my:ro"]);
        home.world.database.value("SELECT personal_token_id FROM personal_token ORDER BY created_at DESC LIMIT 1")
    };
    let colleagues = foreign(&home.cast.owner.id, &home.organization);
    let elsewhere = foreign(&home.account, &home.second);
    each_is_refused(
        &home,
        "/account/personal_tokens/delete",
        &[
            (&[("personal_token_id", &colleagues)], "not there any more"),
            (&[("personal_token_id", &elsewhere)], "not there any more"),
            (&[("personal_token_id", "nonsense")], "not there any more"),
            (&[], "not there any more"),
        ],
    );
    let answer = home.browser.post("/account/personal_tokens/delete", &[("personal_token_id", &home.token)]);
    done(&answer, "/account?done=token_deleted#personal_tokens");
    assert_eq!(home.world.count("personal_token"), 2);
}

#[test]
fn a19_z1_the_pages_act_in_another_organization_with_other_cookies() {
    let home = Home::new();
    let (stranger, _) = home.world.sign_up("stranger@example.com");
    let foreign = stranger.get("/v2/organizations").json()[0]["organization_id"].as_str().expect("an id").to_owned();
    each_is_refused(
        &home,
        "/account/organization",
        &[
            (&[("organization_id", &foreign)], "not there any more"),
            (&[("organization_id", "00000000-0000-7000-8000-000000000000")], "not there any more"),
            (&[("organization_id", "nonsense")], "not there any more"),
            (&[], "not there any more"),
        ],
    );
    let suspended = |yes: u8| {
        let of = format!("account_id = '{}' AND organization_id = '{}'", home.account, home.second);
        home.world.database.execute(&format!("UPDATE membership SET suspended = {yes} WHERE {of}"));
    };
    suspended(1);
    each_is_refused(&home, "/account/organization", &[(&[("organization_id", &home.second)], "not there any more")]);
    suspended(0);

    let (old, old_form) = (home.browser.copy(), home.browser.form());
    let ends = session(&home, "expires_at");
    let answer = home.browser.post("/account/organization", &[("organization_id", &home.second)]);
    done(&answer, "/account?done=organization_switched#organizations");
    cookies_changed(&home, &old);
    assert_eq!(session(&home, "expires_at"), ends, "for as long as before");
    let fields = [("form", old_form.as_str()), ("name", "x")];
    let stale = home.browser.post_as("/account/profile", Some(crate::support::browser::ORIGIN), &fields);
    assert_eq!(stale.status, StatusCode::FORBIDDEN, "forms from before are out of date");
    let acts: String = home
        .world
        .database
        .value(&format!("SELECT organization_id FROM session_organization WHERE session_id = '{}'", home.session));
    assert_eq!(acts, home.second);
    let chosen: String = home.world.database.value(&format!(
        "SELECT organization_id FROM membership WHERE account_id = '{}' AND chosen_at IS NOT NULL",
        home.account
    ));
    assert_eq!(chosen, home.second, "a sign-in offers it first");
    let logged: String =
        home.world.database.value("SELECT organization_id FROM audit_log WHERE action = 'session.choose_organization'");
    assert_eq!(logged, home.second);
    let page = home.browser.get("/account");
    assert!(!page.text.contains("planted"), "personal tokens are those of the organization");
    assert!(page.text.contains("value=\"billing_admin\""), "and so is what may be given: she owns this one");
}

#[test]
fn r3_z6_a_person_leaves_an_organization_and_stays_in_the_other() {
    let home = Home::new();
    let third = home.cast.world.sign_up("third@example.com").1["organization"]["organization_id"].clone();
    let third = third.as_str().expect("an id");
    home.world.join(&home.account, third, MEMBER);
    let before = (home.world.count("membership"), home.world.count("account"));
    each_is_refused(
        &home,
        "/account/organizations/leave",
        &[
            (&[("organization_id", &home.second)], "The owner cannot leave."),
            (&[("organization_id", "00000000-0000-7000-8000-000000000000")], "not there any more"),
            (&[("organization_id", "nonsense")], "not there any more"),
            (&[], "not there any more"),
        ],
    );

    let (old, token) = (home.browser.copy(), home.world.full_token_for(&home.account, third));
    let answer = home.browser.post("/account/organizations/leave", &[("organization_id", third)]);
    done(&answer, "/account?done=organization_left#organizations");
    assert_eq!(answer.calls.database, 1);
    cookies_changed(&home, &old);
    assert_eq!(home.world.bearer(&token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "S4");
    let acts = || -> String {
        home.world
            .database
            .value(&format!("SELECT organization_id FROM session_organization WHERE session_id = '{}'", home.session))
    };
    assert_eq!(acts(), home.organization, "the pages act where they did");
    let logged: String =
        home.world.database.value("SELECT organization_id FROM audit_log WHERE action = 'account.delete'");
    assert_eq!(logged, third, "in the log of the one that was left");

    home.browser.get("/account");
    home.browser.post("/account/organizations/leave", &[("organization_id", &home.organization)]);
    assert_eq!(acts(), home.second, "or else where a sign-in would lead");
    let page = home.browser.get("/account");
    assert_eq!((page.status, page.text.contains(&home.organization)), (StatusCode::OK, false));
    assert_eq!((home.world.count("membership"), home.world.count("account")), (before.0 - 2, before.1));
}

#[test]
fn s1_whoever_leaves_the_last_organization_is_gone_and_signed_out() {
    let home = Home::new();
    let guest = home.world.member_of(&home.organization, "guest@example.com", MEMBER);
    let browser = home.world.browser_of(&guest, &home.organization);
    browser.get("/account");
    let answer = browser.post("/account/organizations/leave", &[("organization_id", &home.organization)]);
    done(&answer, "/");
    assert_eq!((browser.cookie(SESSION), browser.cookie(EMBEDDED)), (None, None));
    assert_eq!(home.world.count(&format!("account WHERE account_id = '{guest}'")), 0);
}

/// The policy is asked in the organization that is left, not only where the pages act.
#[test]
fn z1_leaving_needs_the_right_to_it_there() {
    let home = Home::new();
    let (_, created) = home.world.sign_up("third@example.com");
    let third = created["organization"]["organization_id"].as_str().expect("an id").to_owned();
    home.world.join(&home.account, &third, MEMBER);
    home.world.database.execute(&format!("DELETE FROM role_scope WHERE role_id = '{MEMBER}'"));
    let before = home.world.database.dump();
    let answer = home.browser.post("/account/organizations/leave", &[("organization_id", &third)]);
    done(&answer, "/ooops?oauth_exception=access_denied");
    assert_eq!(home.world.database.dump(), before, "nothing changed");
}

/// Somebody else's write between the page and the form is told, not overrun.
#[test]
fn z6_what_was_true_on_the_page_is_asked_again() {
    let home = Home::new();
    home.world.database.execute(&format!(
        "DELETE FROM membership WHERE account_id = '{}' AND organization_id = '{}'",
        home.account, home.organization
    ));
    let answer = home.browser.post("/account/personal_tokens", &[("token_name", "t"), ("scope", "accounts--my:ro")]);
    assert!(answer.status == StatusCode::UNPROCESSABLE_ENTITY || answer.header("location").starts_with("/?identity"));
    assert_eq!(home.world.count("personal_token"), 0);
}

/// Whatever factors somebody has: what is wrong with a form that they were shown is told at a field that they are shown.
#[test]
fn a_problem_leads_to_a_field_that_is_there() {
    let cast = Cast::default();
    let [nothing, application, passkey] = ["nothing", "application", "passkey"]
        .map(|name| format!("{name}@example.com"))
        .map(|email| (cast.hire(&email, &[]).id, email));
    cast.world.enrol(&application.0);
    cast.world.database.execute(&format!(
        "INSERT INTO passkey (passkey_id, account_id, credential_id, public_key, algorithm, name, created_at)
         VALUES ('00000000-0000-7000-8000-000000000a02', '{}', 'c', 'k', -7, 'key', 1)",
        passkey.0
    ));
    for (id, email) in [nothing, application, passkey] {
        let browser = cast.world.browser_of(&id, &cast.organization);
        cast.world.clock.advance(Duration::from_mins(11));
        for (path, written, proof) in [
            ("/account/email", Some(("email", "new@example.com")), "proof"),
            ("/account/second-factor/totp", None, "mfa"),
            ("/account/export", None, "export"),
            ("/account/delete", Some(("delete_email", email.as_str())), "delete"),
        ] {
            let page = browser.get("/account").text;
            let mut shown = vec![format!("{proof}_password"), format!("{proof}_code")];
            shown.retain(|name| page.contains(&format!(" id=\"{name}\"")));
            if shown.is_empty() {
                continue; // there is an application already
            }
            // Each is wrong once, and once nothing is written.
            for wrong in 0..=shown.len() {
                browser.get("/account");
                let proofs = shown.iter().enumerate();
                let proofs = proofs.map(|(at, name)| (name.as_str(), if at == wrong { "000000" } else { "" }));
                let fields: Vec<_> = proofs.chain(written).collect();
                let answer = browser.post(path, &fields);
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}: {}", answer.text);
                let (_, link) = answer.text.split_once("<li><a href=\"#").expect("a link");
                let field = link.split('"').next().expect("its end");
                assert!(answer.text.contains(&format!(" id=\"{field}\"")), "{email} {path} {fields:?}: #{field}");
                cast.world.database.execute("DELETE FROM throttle");
            }
        }
    }
}
