//! The second step of a sign-in (rows A19, E5, M1, M2, M3, R9).

use std::collections::BTreeSet;
use std::time::Duration;

use global_accounts::http::router::ROUTES;
use global_accounts::oauth::mail_link::Purpose;
use http::{Method, StatusCode};

use crate::support::authorize::{PASSWORD, PRIVATE, Stage, code_of, code_request, message, title, token_request, url};
use crate::support::browser::{Browser, EMBEDDED, SESSION};
use crate::support::client::{Answer, World};
use crate::support::routes::path;
use crate::support::second_factor::Authenticator;

const OWNER: &str = "owner@example.com";

/// The owner has an authenticator application.
fn stage() -> (Stage, Authenticator) {
    stage_with(&[])
}

fn stage_with(settings: &[(&str, &str)]) -> (Stage, Authenticator) {
    let stage = Stage::of(World::with(settings));
    let phone = stage.world.enrol(&stage.cast.owner.id);
    (stage, phone)
}

/// A browser whose person has given the right password, at the page of the second step.
fn half(stage: &Stage) -> Browser {
    let browser = stage.world.browser();
    half_in(&browser);
    browser
}

fn half_in(browser: &Browser) {
    browser.ask(&code_request(PRIVATE));
    let answer = browser.sign_in(OWNER, PASSWORD);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = browser.follow(&answer);
    assert_eq!(title(&page), "One more step");
}

fn wrong(answer: &Answer, words: &str) {
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
    assert!(!answer.headers.contains_key("set-cookie"), "{words}");
}

fn whole_sessions(stage: &Stage) -> i64 {
    stage.world.rows("session WHERE cookie_digest IS NOT NULL AND mfa_pending = 0")
}

#[test]
fn m1_a19_the_code_makes_the_session_whole_and_the_request_goes_on() {
    let (stage, phone) = stage();
    let browser = half(&stage);
    assert_eq!((whole_sessions(&stage), stage.world.rows("audit_log WHERE action = 'session.first_step'")), (0, 1));
    assert_eq!((stage.cast.audited("session.begin"), stage.world.answers()), (0, 0));
    assert_eq!(stage.world.rows("known_device WHERE account_id IN (SELECT account_id FROM totp)"), 0);
    assert_eq!(stage.world.rows("outbox WHERE template = 'new_device'"), 0, "told of the sign-in, not of half of one");
    assert_eq!(browser.cookie(EMBEDDED), None);
    let (old, session) = (browser.copy(), browser.session_digest());
    let id = |digest: &str| -> String {
        stage.world.database.value(&format!("SELECT session_id FROM session WHERE cookie_digest = '{digest}'"))
    };
    let before = id(session.as_str());

    let answer = browser.second_step("code", &phone.code());
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 2), "{}", answer.text);
    assert_ne!(browser.session_digest(), session, "A19");
    assert_eq!(id(browser.session_digest().as_str()), before, "the session stays what it is");
    assert!(browser.cookie(EMBEDDED).is_some());
    code_of(&browser.follow(&answer));
    assert_eq!((whole_sessions(&stage), stage.cast.audited("session.begin"), stage.world.answers()), (1, 1, 1));
    assert_eq!(stage.world.rows("known_device WHERE account_id IN (SELECT account_id FROM totp)"), 1);
    assert_eq!(stage.world.rows("outbox WHERE template = 'new_device'"), 1);
    assert_eq!(title(&browser.get("/account")), "Your account");
    assert_eq!(old.get("/account").status, StatusCode::SEE_OTHER, "A19 the old cookie opens nothing");
    assert_eq!(old.second_step("code", &phone.code_in(1)).status, StatusCode::SEE_OTHER, "nor the step again");
    assert_eq!((whole_sessions(&stage), stage.cast.audited("session.begin")), (1, 1));
}

/// Every page of the table, by GET and by POST with a form token of the half session: the same answers as for nobody, and
/// no row changes but those of requests that wait and of counters.
#[test]
fn m1_a_half_session_reaches_nothing_but_the_second_step() {
    let (stage, _) = stage();
    let browser = half(&stage);
    let form = browser.form();
    let nobody = browser.copy();
    nobody.remove_cookie(SESSION);
    let dump = || -> BTreeSet<(String, String, String)> {
        let kept =
            |(table, ..): &(String, String, String)| !["authorization_request", "throttle"].contains(&table.as_str());
        stage.world.database.dump().into_iter().filter(kept).collect()
    };
    let before = dump();
    let allowed = ["/second-step", "/second-step/passkey", "/second-step/passkey/options", "/signout"];
    let mut seen = 0;
    for route in ROUTES.iter().filter(|route| route.is_page() && !allowed.contains(&route.path)) {
        let send = |browser: &Browser| {
            let browser = browser.copy();
            match route.method {
                Method::GET => browser.get(&path(route)),
                _ => browser.post_as(&path(route), Some(crate::support::browser::ORIGIN), &[("form", &form)]),
            }
        };
        let (half, none) = (send(&browser), send(&nobody));
        let place = |answer: &Answer| answer.header("location").split('?').next().unwrap_or_default().to_owned();
        seen += 1;
        if route.path == "/" {
            assert_eq!((half.status, place(&half).as_str()), (StatusCode::SEE_OTHER, "/second-step"));
            continue;
        }
        // A form of another kind is refused before anybody asks who sends it.
        let stale = route.method == Method::POST && (half.status == StatusCode::FORBIDDEN || place(&half) == "/ooops");
        let same = (half.status, place(&half)) == (none.status, place(&none));
        assert!(same || stale, "{} {}: {} {}", route.method, route.path, half.status, place(&half));
        assert!(!half.headers.contains_key("set-cookie") || route.path == "/defaults", "{}", route.path);
        for personal in ["owner@example.com", &stage.cast.organization] {
            assert!(!half.text.contains(personal), "{} {}: {personal}", route.method, route.path);
        }
    }
    assert!(seen > 50, "{seen} pages");
    assert!(dump() == before, "nothing was written");

    let cookie = browser.cookie(SESSION).expect("a cookie");
    for path in ["/v2/accounts/me", "/v2/sessions", "/v2/info"] {
        let answer = stage.world.bearer(&cookie).get(path);
        assert!(answer.status.is_client_error() && answer.calls.database == 0, "{path} {}", answer.text);
    }
    let button = [token_request(PRIVATE), vec![("flow", "button")]].concat();
    let (payload, ..) = message(&browser.copy().ask_framed(&button));
    assert_eq!(payload["error"]["identity_exception"], "unauthorized");
    browser.set_cookie(EMBEDDED, &cookie);
    let (payload, ..) = message(&browser.copy().ask_framed(&button));
    assert_eq!(payload["error"]["identity_exception"], "unauthorized", "one cookie is not the other");
    assert_eq!(stage.world.answers(), 0);
}

#[test]
fn m1_signing_out_ends_a_half_session() {
    let (stage, phone) = stage();
    let browser = half(&stage);
    let before = browser.copy();
    let answer = browser.post("/signout", &[]);
    assert_eq!((answer.status, browser.cookie(SESSION)), (StatusCode::OK, None), "{}", answer.text);
    let late = before.second_step("code", &phone.code());
    assert_eq!(late.status, StatusCode::SEE_OTHER);
    assert_eq!(title(&before.follow(&late)), "Sign in");
    assert_eq!((whole_sessions(&stage), stage.world.rows("totp WHERE last_step > 0")), (0, 0));
}

#[test]
fn m1_a_half_session_waits_for_ten_minutes() {
    let (stage, phone) = stage();
    let browser = half(&stage);
    stage.world.clock.advance(Duration::from_secs(599));
    assert_eq!(title(&browser.get(&second_step_of(&browser))), "One more step");
    stage.world.clock.advance(Duration::from_secs(1));
    let late = browser.second_step("code", &phone.code());
    assert_eq!(late.status, StatusCode::FORBIDDEN, "the form is as old as the session");
    assert_eq!((whole_sessions(&stage), stage.world.rows("totp WHERE last_step > 0")), (0, 0));
    assert_eq!(title(&browser.ask(&code_request(PRIVATE))), "Sign in");
}

/// Where the page of the second step stands for the request on the page that was seen last.
fn second_step_of(browser: &Browser) -> String {
    let request = crate::support::browser::hidden(&browser.page(), "request").expect("a request");
    url("/second-step", &[("request", &request)])
}

#[test]
fn m2_a_step_is_not_used_twice_whoever_saw_the_code() {
    let (stage, phone) = stage();
    let (mine, thiefs) = (half(&stage), half(&stage));
    let code = phone.code();
    assert_eq!(mine.second_step("code", &code).status, StatusCode::SEE_OTHER);
    wrong(&thiefs.second_step("code", &code), "This code is not right");
    wrong(&thiefs.second_step("code", &phone.code_in(-1)), "This code is not right");
    assert_eq!(whole_sessions(&stage), 1);
    assert_eq!(thiefs.second_step("code", &phone.code_in(1)).status, StatusCode::SEE_OTHER, "a later one is taken");
    // Its step is used between the two round trips.
    stage.world.clock.advance(Duration::from_secs(60));
    let third = half(&stage);
    stage.world.database.meanwhile(1, "UPDATE totp SET last_step = last_step + 2");
    wrong(&third.second_step("code", &phone.code()), "This code is not right");
    assert_eq!(whole_sessions(&stage), 2);
}

#[test]
fn e5_after_five_guesses_even_the_right_code_waits_in_every_sign_in() {
    let (stage, phone) = stage();
    let (browser, other) = (half(&stage), half(&stage));
    for _ in 0..5 {
        wrong(&browser.second_step("code", &phone.wrong()), "This code is not right");
    }
    for guesser in [&browser, &other] {
        let answer = guesser.copy().second_step("code", &phone.code());
        assert_eq!((answer.status, answer.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1), "{}", answer.text);
    }
    let code = stage.world.recovery_code(&stage.cast.owner.id, 1);
    assert_eq!(other.copy().second_step("recovery_code", &code).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!((whole_sessions(&stage), stage.world.rows("totp WHERE last_step > 0")), (0, 0));
    assert_eq!(stage.world.rows("recovery_code WHERE used_at IS NOT NULL"), 0);
    stage.world.clock.advance(Duration::from_mins(1));
    assert_eq!(half(&stage).second_step("code", &phone.code()).status, StatusCode::SEE_OTHER, "E3 never for good");
    assert_eq!(stage.world.rows("throttle WHERE bucket LIKE 'second_factor:%'"), 0, "a right one begins anew");
}

/// Who never gives up waits longer and longer, and the person whose password that is learns of it once.
#[test]
fn e5_guesses_of_a_second_factor_come_at_growing_distances_and_are_told_of() {
    let (stage, phone) = stage();
    let told = || stage.world.rows("outbox WHERE template = 'second_factor_guessed'");
    let guess = || half(&stage).second_step("code", &phone.wrong());
    for _ in 0..5 {
        wrong(&guess(), "This code is not right");
    }
    assert_eq!(told(), 0, "five may be anybody's slips");
    for (count, minutes) in [1, 2, 4, 8, 16, 32, 60, 60, 60].into_iter().enumerate() {
        stage.world.clock.advance(Duration::from_mins(minutes) - Duration::from_secs(1));
        let early = guess();
        assert_eq!((early.status, early.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"), "{count}");
        stage.world.clock.advance(Duration::from_secs(1));
        wrong(&guess(), "This code is not right");
        assert_eq!(told(), 1, "{count}");
    }
    stage.world.clock.advance(Duration::from_hours(24));
    assert_eq!(half(&stage).second_step("code", &phone.code()).status, StatusCode::SEE_OTHER);
}

/// A sign-in that has used up its own guesses uses up none of the account's.
#[test]
fn e3_what_is_not_evaluated_lengthens_no_wait() {
    let (stage, phone) = stage();
    let browser = half(&stage);
    for _ in 0..5 {
        wrong(&browser.second_step("code", &phone.wrong()), "This code is not right");
    }
    for _ in 0..3 {
        stage.world.clock.advance(Duration::from_mins(1));
        let late = browser.copy().second_step("code", &phone.code());
        assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
    }
    assert_eq!(stage.world.rows("throttle WHERE bucket LIKE 'second_factor:%' AND hits = 5"), 1);
    assert_eq!(stage.world.rows("outbox WHERE template = 'second_factor_guessed'"), 0);
    assert_eq!(half(&stage).second_step("code", &phone.code()).status, StatusCode::SEE_OTHER);
}

/// Who knows the password elsewhere uses up no guess of the owner's.
#[test]
fn e3_a_browser_that_the_account_knows_has_guesses_of_its_own() {
    let (stage, phone) = stage();
    let known = half(&stage);
    assert_eq!(known.second_step("code", &phone.code()).status, StatusCode::SEE_OTHER);
    stage.world.clock.advance(Duration::from_mins(1));
    let thief = half(&stage);
    for _ in 0..5 {
        wrong(&thief.second_step("code", &phone.wrong()), "This code is not right");
    }
    assert_eq!(
        half(&stage).second_step("code", &phone.code()).status,
        StatusCode::TOO_MANY_REQUESTS,
        "a stranger waits"
    );
    stage.world.database.execute("UPDATE session SET ended_at = 1 WHERE mfa_pending = 0");
    half_in(&known);
    wrong(&known.second_step("code", &phone.wrong()), "This code is not right");
    assert_eq!(known.second_step("code", &phone.code()).status, StatusCode::SEE_OTHER, "the owner does not");
    let counted = stage.world.rows("throttle WHERE bucket LIKE 'second_factor:%'");
    assert_eq!(counted, 1, "the owner's begins anew, the stranger's does not");
}

#[test]
fn what_cannot_be_a_code_is_no_guess() {
    let (stage, phone) = stage();
    let browser = half(&stage);
    for text in ["", "12345", "1234567", "abcdef", "123 45"] {
        wrong(&browser.second_step("code", text), "This code is not right");
    }
    wrong(&browser.second_step("recovery_code", "not a code"), "This is not one of your recovery codes");
    assert_eq!(stage.world.rows("throttle WHERE bucket LIKE 'second_%'"), 0);
    let spaced = phone.code();
    let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
    assert_eq!(browser.second_step("code", &spaced).status, StatusCode::SEE_OTHER);
}

#[test]
fn m3_r9_a_recovery_code_opens_once_and_is_told_of() {
    let (stage, _) = stage();
    let [code, other] = [1, 2].map(|number| stage.world.recovery_code(&stage.cast.owner.id, number));
    let foreign = stage.world.recovery_code(&stage.cast.member.id, 3);
    let (browser, again) = (half(&stage), half(&stage));
    wrong(&browser.second_step("recovery_code", &foreign), "This is not one of your recovery codes");
    assert_eq!(stage.world.rows("recovery_code WHERE used_at IS NOT NULL"), 0);
    let answer = browser.second_step("recovery_code", &code.to_lowercase());
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 2), "{}", answer.text);
    code_of(&browser.follow(&answer));
    assert_eq!(stage.world.rows("recovery_code WHERE used_at IS NOT NULL"), 1);
    assert_eq!(stage.world.rows("outbox WHERE template = 'recovery_code_used'"), 1);
    assert_eq!(stage.cast.audited("second_factor.use_recovery_code"), 1);
    wrong(&again.second_step("recovery_code", &code), "This is not one of your recovery codes");
    assert_eq!((whole_sessions(&stage), stage.world.rows("outbox WHERE template = 'recovery_code_used'")), (1, 1));
    assert_eq!(again.second_step("recovery_code", &other).status, StatusCode::SEE_OTHER);
}

/// Who knows the password alone ends nobody's session and signs nobody out for good.
#[test]
fn m1_half_sessions_do_not_push_out_whole_ones() {
    let (stage, phone) = stage_with(&[("MAX_SESSIONS", "2")]);
    let mine = [stage.owner(), stage.owner()];
    for _ in 0..3 {
        half(&stage);
    }
    for browser in &mine {
        assert_eq!(title(&browser.get("/account")), "Your account");
    }
    let third = half(&stage);
    assert_eq!(third.second_step("code", &phone.code()).status, StatusCode::SEE_OTHER);
    assert_eq!(whole_sessions(&stage), 3, "one of them ended");
    assert_eq!(stage.world.rows("session WHERE ended_at IS NOT NULL"), 1);
}

/// The same browser signs in once more: its whole session is not renewed by the password alone.
#[test]
fn m1_a_password_alone_renews_no_session_of_an_account_with_a_second_factor() {
    let (stage, phone) = stage();
    let browser = stage.owner();
    let old = browser.cookie(SESSION);
    browser.get("/signin");
    let answer = browser.sign_in(OWNER, PASSWORD);
    assert_eq!(title(&browser.follow(&answer)), "One more step");
    assert_eq!(browser.get("/account").status, StatusCode::SEE_OTHER, "this browser has left it");
    browser.get(answer.header("location"));
    assert_eq!(browser.second_step("code", &phone.code()).status, StatusCode::SEE_OTHER);
    assert_eq!(title(&browser.get("/account")), "Your account");
    assert_ne!(browser.cookie(SESSION), old);
}

/// The second factor comes or goes between the two round trips of a sign-in.
#[test]
fn m1_r8_what_the_account_has_is_asked_again_when_the_session_begins() {
    let (stage, _) = stage();
    for change in ["UPDATE totp SET confirmed_at = NULL", "UPDATE totp SET confirmed_at = 1"] {
        let browser = stage.world.browser();
        browser.get("/signin");
        stage.world.database.meanwhile(1, change);
        let answer = browser.sign_in(OWNER, PASSWORD);
        assert_eq!((answer.status, browser.cookie(SESSION)), (StatusCode::UNAUTHORIZED, None), "{change}");
    }
    assert_eq!(stage.world.rows("session WHERE cookie_digest IS NOT NULL"), 0);
}

/// The half session, its account or its request goes while the code is being checked.
#[test]
fn m1_r9_nothing_becomes_whole_that_ended_meanwhile() {
    for (change, status) in [
        ("UPDATE session SET ended_at = 1 WHERE mfa_pending = 1", StatusCode::SEE_OTHER),
        ("UPDATE account SET token_epoch = token_epoch + 1", StatusCode::SEE_OTHER),
        ("DELETE FROM session WHERE mfa_pending = 1", StatusCode::SEE_OTHER),
        ("UPDATE session SET mfa_pending = 0", StatusCode::SEE_OTHER),
        ("DELETE FROM authorization_request", StatusCode::FORBIDDEN),
        ("DELETE FROM totp", StatusCode::SEE_OTHER),
    ] {
        let (stage, phone) = stage();
        let browser = half(&stage);
        let cookie = browser.cookie(SESSION);
        stage.world.database.meanwhile(1, change);
        let answer = browser.second_step("code", &phone.code());
        assert_eq!((answer.status, browser.cookie(SESSION)), (status, cookie), "{change}");
        assert_eq!(stage.cast.audited("session.begin"), 0, "{change}");
        assert_eq!(stage.world.rows("totp WHERE last_step > 0"), 0, "{change}: the code is not used up");
    }
}

#[test]
fn m1_an_invitation_s_sign_in_needs_the_second_step_too() {
    let stage = Stage::default();
    stage.world.database.execute("UPDATE account SET email_verified = 1");
    let vendor: String =
        stage.world.database.value("SELECT account_id FROM account WHERE email = 'vendor@example.com'");
    let phone = stage.world.enrol(&vendor);
    stage.cast.enable("LiveChat");
    let link = stage.world.link_of(&stage.cast.invite("vendor@example.com", "LiveChat", "normal"));
    let browser = stage.world.browser();
    browser.get(&link);
    let token = crate::support::browser::hidden(&browser.page(), "token").expect("a token");
    let answer = browser.post("/invitation/signin", &[("token", &token), ("password", PASSWORD)]);
    assert_eq!(title(&browser.follow(&answer)), "One more step");
    let half = browser.copy();
    half.get(&link);
    assert!(!half.page().contains(">Accept</button>"), "{}", half.page());
    let forced = half.post("/invitation", &[("token", &token), ("decision", "accept")]);
    assert_eq!((forced.status, stage.cast.audited("invitation.accept")), (StatusCode::SEE_OTHER, 0));
    let answer = browser.second_step("code", &phone.code());
    assert!(browser.follow(&answer).text.contains(">Accept</button>"), "{}", browser.page());
    assert_eq!(browser.post("/invitation", &[("token", &token), ("decision", "accept")]).status, StatusCode::SEE_OTHER);
    assert_eq!(stage.cast.audited("invitation.accept"), 1);
}

/// A forgotten password is no way past the second factor, and a half session does not outlive it.
#[test]
fn e9_m1_a_reset_neither_signs_in_nor_skips_the_second_step() {
    let (stage, phone) = stage();
    // The first proof of an address would remove what may have been planted before it, the second factor too.
    stage.world.database.execute("UPDATE account SET email_verified = 1");
    let before = half(&stage);
    let reader = stage.world.browser();
    reader.get("/forgot");
    assert_eq!(reader.post("/forgot", &[("email", OWNER)]).status, StatusCode::SEE_OTHER);
    reader.get(&stage.world.link(Purpose::Reset));
    let token = stage.world.link_token(Purpose::Reset);
    let set = reader.post("/reset", &[("token", &token), ("password", "another-one-9")]);
    assert_eq!((set.status, reader.cookie(SESSION)), (StatusCode::SEE_OTHER, None), "{}", set.text);
    let late = before.second_step("code", &phone.code());
    assert_eq!((late.status, whole_sessions(&stage)), (StatusCode::SEE_OTHER, 0));
    reader.get("/signin");
    let answer = reader.sign_in(OWNER, "another-one-9");
    assert_eq!(title(&reader.follow(&answer)), "One more step");
    assert_eq!(stage.world.rows("totp WHERE confirmed_at IS NOT NULL"), 1);
}

#[test]
fn m1_a_form_of_one_half_session_is_none_of_another() {
    let (stage, phone) = stage();
    let (mine, other) = (half(&stage), half(&stage));
    let form = other.form();
    let answer = mine.post_as(
        "/second-step",
        Some(crate::support::browser::ORIGIN),
        &[("form", &form), ("code", &phone.code())],
    );
    assert_eq!((answer.status, whole_sessions(&stage)), (StatusCode::FORBIDDEN, 0), "A17");
    let nobody = stage.world.browser();
    let answer = nobody.post_as("/second-step", Some(crate::support::browser::ORIGIN), &[("form", &form)]);
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "A17");
}

/// A secret that is sealed under the previous key is sealed anew when it is used.
#[test]
fn m2_a_secret_moves_to_the_new_key_when_it_is_used() {
    const NEW: &str = "1:bmV3LW1hc3Rlci1zZWNyZXQtb2YtdGhlLXRlc3RzLTAwMDA";
    let (mut stage, phone) = stage();
    let old = crate::support::client::MASTER_SECRET;
    let code = stage.world.recovery_code(&stage.cast.owner.id, 1);
    stage.world = stage.world.reconfigured(&[("MASTER_SECRET", NEW), ("MASTER_SECRET_PREVIOUS", old)]);
    let sealed = |stage: &Stage| -> String { stage.world.database.value("SELECT sealed_secret FROM totp") };
    assert!(sealed(&stage).starts_with("0:"));
    assert_eq!(half(&stage).second_step("code", &phone.code()).status, StatusCode::SEE_OTHER);
    assert!(sealed(&stage).starts_with("1:"), "{}", sealed(&stage));
    stage.world.clock.advance(Duration::from_secs(60));
    let browser = half(&stage);
    assert_eq!(browser.second_step("recovery_code", &code).status, StatusCode::SEE_OTHER, "under either key");
    stage.world = stage.world.reconfigured(&[("MASTER_SECRET", NEW)]);
    assert_eq!(
        half(&stage).second_step("code", &phone.code()).status,
        StatusCode::SEE_OTHER,
        "and without the old one"
    );
}
