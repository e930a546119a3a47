//! `/invitation`: the page behind the link, and its forms.

use std::time::Duration;

use global_accounts::oauth::envelope::Kind;
use http::{Method, StatusCode};
use serde_json::json;

use crate::support::authorize::{PASSWORD, title};
use crate::support::browser::{Browser, ORIGIN, SESSION, hidden};
use crate::support::cast::Cast;
use crate::support::client::{Answer, World};
use crate::support::invitations::PATH;

const GUEST: &str = "guest@example.com";

fn stage() -> Cast {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast.enable("HelpDesk");
    cast
}

/// Somebody with an account and an organization of their own; the account's id.
fn known(cast: &Cast, email: &str) -> String {
    cast.world.sign_up(email).1["account_id"].as_str().expect("an id").to_owned()
}

/// A browser in which somebody of another organization is signed in.
fn signed_in(cast: &Cast, account: &str) -> Browser {
    let organization: String = cast
        .world
        .database
        .value(&format!("SELECT default_organization_id FROM account WHERE account_id = '{account}'"));
    cast.world.browser_of(account, &organization)
}

/// A form of the page of this invitation, as the browser just got it.
fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = hidden(&browser.page(), "token").expect("the page's own");
    let all: Vec<_> = [("token", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(path, &all)
}

/// What the link and everybody behind it amount to.
fn state(cast: &Cast) -> String {
    cast.world.database.value(
        "SELECT (SELECT group_concat(invitation_id || state || coalesce(account_id, '')) FROM invitation) || '/'
           || (SELECT count(*) FROM mail_token WHERE used_at IS NOT NULL) || '/' || (SELECT count(*) FROM membership) || '/'
           || (SELECT count(*) FROM membership_role) || '/' || (SELECT count(*) FROM account) || '/'
           || (SELECT sum(email_verified) FROM account) || '/' || (SELECT count(*) FROM audit_log)",
    )
}

fn verified(cast: &Cast, email: &str) -> i64 {
    cast.world.database.value(&format!("SELECT email_verified FROM account WHERE email = '{email}'"))
}

fn account_of(cast: &Cast, email: &str) -> String {
    cast.world.database.value(&format!("SELECT account_id FROM account WHERE email = '{email}'"))
}

/// The page ends with this title, and nothing happened.
fn over(cast: &Cast, answer: &Answer, status: StatusCode, expected: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains(&format!("<h1>{expected}</h1>")), "{expected}: {}", answer.text);
    assert!(!answer.text.contains("<form"), "nothing to send");
    assert_eq!(cast.world.rows("account WHERE email_verified = 1"), 0);
}

#[test]
fn e8_looking_at_the_link_uses_nothing_up() {
    let cast = stage();
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    let before = state(&cast);
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let browser = cast.world.browser();
        let answer = browser.request(method, &link, &[], "");
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "strict-origin", "the link stays here");
    }
    assert_eq!(state(&cast), before);
    let page = cast.world.browser().get(&link);
    assert_eq!(title(&page), "Join Acme");
    for word in ["owner@example.com</strong> invited you", "LiveChat", "Agent", GUEST, "Create account and join"] {
        assert!(page.text.contains(word), "{word}: {}", page.text);
    }
    assert!(title(&cast.world.browser().get(&format!("{link}&lang=pl"))).starts_with("Dołącz do Acme"));
    let line = cast.world.last_line().to_string();
    assert!(line.contains("\"/invitation\"") && !line.contains("token="), "L4 {line}");
}

#[test]
fn without_an_account_a_name_and_a_password_make_one() {
    let cast = stage();
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    let browser = cast.world.browser();
    let page = browser.get(&link);
    assert!(page.text.contains("value=\"Guest\""), "the name that was invited");
    let answer = send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 3), "{}", answer.text);
    let account = account_of(&cast, GUEST);
    assert_eq!(cast.roles_of(&account), "Accounts/member,LiveChat/normal");
    assert_eq!((cast.state_of(&id).as_str(), verified(&cast, GUEST)), ("accepted", 1));
    assert_eq!(cast.audited("invitation.accept"), 1);
    let entry: String = cast.world.database.value(
        "SELECT actor_kind || ' ' || actor_id || ' ' || target_kind || ' ' || target_id || ' ' || (session_id IS NOT NULL)
         FROM audit_log WHERE action = 'invitation.accept'",
    );
    assert_eq!(entry, format!("account {account} invitation {id} 1"));
    let member: String = cast.world.database.value(&format!(
        "SELECT name || ' ' || (default_organization_id = '{}') || ' ' || active FROM account JOIN membership USING (account_id)
         WHERE account_id = '{account}'",
        cast.organization
    ));
    assert_eq!(member, "Ewa 1 1");

    let page = browser.get(answer.header("location"));
    assert_eq!((page.status, title(&page).as_str()), (StatusCode::OK, "The invitation was accepted"));
    assert!(page.text.contains("<span class=\"who\">Ewa</span>"), "signed in");
    assert_eq!(title(&browser.get("/")), "Your products", "A19 the session acts there");
    let again = cast.world.browser();
    assert_eq!(title(&again.get(&link)), "The invitation was accepted", "whoever follows the link later");
}

#[test]
fn an_account_signs_in_on_the_page_and_then_accepts() {
    let cast = stage();
    let guest = known(&cast, GUEST);
    let id = cast.invite("Guest@Example.com", "HelpDesk", "viewer");
    let link = cast.world.link_of(&id);
    let browser = cast.world.browser();
    assert!(browser.get(&link).text.contains("There is an account with this address"));
    let before = state(&cast);
    let wrong = send(&browser, "/invitation/signin", &[("password", "wrong-password")]);
    assert_eq!((wrong.status, wrong.calls.database), (StatusCode::UNAUTHORIZED, 3), "{}", wrong.text);
    assert!(wrong.text.contains("This email and password do not"), "{}", wrong.text);
    assert_eq!(state(&cast), before);
    let answer = send(&browser, "/invitation/signin", &[("password", PASSWORD)]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 3), "{}", answer.text);
    assert_eq!(cast.state_of(&id), "approved", "signing in accepts nothing");
    assert_eq!((cast.roles_of(&guest).as_str(), verified(&cast, GUEST)), ("", 0));
    let page = browser.get(answer.header("location"));
    assert!(page.text.contains(">Accept</button>"), "{}", page.text);
    let cookie = browser.cookie(SESSION);
    let answer = send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 2), "{}", answer.text);
    assert_ne!(browser.cookie(SESSION), cookie, "A19");
    assert_eq!((cast.roles_of(&guest).as_str(), verified(&cast, GUEST)), ("Accounts/member,HelpDesk/viewer", 1));
    assert_eq!(title(&browser.get(answer.header("location"))), "The invitation was accepted");
    let acts_in: i64 = cast.world.database.value(&format!(
        "SELECT count(*) FROM session JOIN session_organization USING (session_id)
         WHERE cookie_digest = '{}' AND organization_id = '{}'",
        browser.session_digest().as_str(),
        cast.organization
    ));
    assert_eq!(acts_in, 1);
    assert_eq!(cast.audited("invitation.accept"), 1);
}

/// Another organization's suspension is no matter of this one.
#[test]
fn z6_who_is_suspended_elsewhere_signs_in_on_the_page_and_accepts() {
    let cast = stage();
    let guest = known(&cast, GUEST);
    cast.world.database.execute(&format!("UPDATE membership SET suspended = 1 WHERE account_id = '{guest}'"));
    let id = cast.invite(GUEST, "HelpDesk", "viewer");
    let browser = cast.world.browser();
    browser.get(&cast.world.link_of(&id));
    let answer = send(&browser, "/invitation/signin", &[("password", PASSWORD)]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let page = browser.get(answer.header("location")).text;
    assert!(page.contains(">Accept</button>"), "{page}");
    let elsewhere = browser.copy();
    for closed in ["/account", "/panel"] {
        assert_ne!(elsewhere.get(closed).status, StatusCode::OK, "{closed}: the session acts nowhere");
    }
    let answer = send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(cast.roles_of(&guest), "Accounts/member,HelpDesk/viewer");
    assert_eq!(browser.get("/account").status, StatusCode::OK, "in the organization that invited");
}

#[test]
fn e12_signed_in_as_somebody_else_the_page_says_so_and_nobody_else_accepts() {
    let cast = stage();
    known(&cast, GUEST);
    let stranger = known(&cast, "stranger@example.com");
    for email in [GUEST, "new@example.com"] {
        let id = cast.invite(email, "LiveChat", "administrator");
        let link = cast.world.link_of(&id);
        let browser = signed_in(&cast, &stranger);
        let page = browser.get(&link);
        assert!(
            page.text.contains("stranger@example.com</strong>, but the invitation is for another"),
            "{}",
            page.text
        );
        let before = state(&cast);
        let answer = send(&browser, "/invitation", &[("decision", "accept")]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(state(&cast), before, "not transferable");
        assert!(browser.get(answer.header("location")).text.contains("but the invitation is for another"));
    }
    let id = cast.invite("third@example.com", "LiveChat", "normal");
    let browser = signed_in(&cast, &stranger);
    browser.get(&cast.world.link_of(&id));
    let answer = send(&browser, "/invitation/signup", &[("name", "Third"), ("password", PASSWORD)]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "the other account is left in this browser");
    assert_eq!(cast.roles_of(&account_of(&cast, "third@example.com")), "Accounts/member,LiveChat/normal");
    assert_eq!(cast.roles_of(&stranger), "");
    assert!(browser.get("/account").text.contains("third@example.com"));
}

#[test]
fn e12_the_batch_itself_holds_what_the_page_read() {
    let cast = stage();
    let guest = known(&cast, GUEST);
    let stranger = known(&cast, "stranger@example.com");
    let meanwhile = [
        "UPDATE invitation SET state = 'declined'",
        "UPDATE invitation SET expires_at = 0",
        "UPDATE invitation SET role_id = NULL",
        "UPDATE mail_token SET used_at = 1",
        "DELETE FROM organization_product WHERE product = 'LiveChat'",
        "UPDATE account SET email = 'x@example.com', email_key = 'x@example.com' WHERE email_key = 'guest@example.com'",
        "UPDATE session SET ended_at = 1",
        "DELETE FROM invitation",
    ];
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    for change in meanwhile {
        let browser = signed_in(&cast, &guest);
        browser.get(&link);
        cast.world.database.execute("SAVEPOINT cell");
        cast.world.database.meanwhile(1, change);
        let answer = send(&browser, "/invitation", &[("decision", "accept")]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{change}: {}", answer.text);
        assert_eq!((cast.roles_of(&guest).as_str(), verified_by_id(&cast, &guest)), ("", 0), "{change}");
        assert_eq!(cast.audited("invitation.accept"), 0, "{change}");
        cast.world.database.execute("ROLLBACK TO cell");
        cast.world.database.execute("RELEASE cell");
    }
    let browser = signed_in(&cast, &stranger);
    browser.get(&link);
    let swap = format!(
        "UPDATE account SET email_key = account_id || '@x.example' WHERE account_id = '{guest}';
         UPDATE account SET email_key = 'other@example.com' WHERE account_id = '{stranger}'"
    );
    cast.world.database.meanwhile(1, &swap);
    send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!(cast.roles_of(&stranger), "");
}

fn verified_by_id(cast: &Cast, account: &str) -> i64 {
    cast.world.database.value(&format!("SELECT email_verified FROM account WHERE account_id = '{account}'"))
}

#[test]
fn each_end_has_its_own_clear_answer() {
    let cast = stage();
    let follow = |link: &str| cast.world.browser().get(link);

    let declined = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&declined);
    let browser = cast.world.browser();
    browser.get(&link);
    assert_eq!(cast.owner.client.delete(&format!("{PATH}/{declined}")).status, StatusCode::NO_CONTENT);
    over(&cast, &follow(&link), StatusCode::GONE, "The invitation was declined");
    let before = state(&cast);
    let late = send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
    assert_eq!((late.status, state(&cast)), (StatusCode::SEE_OTHER, before), "{}", late.text);
    over(&cast, &browser.get(late.header("location")), StatusCode::GONE, "The invitation was declined");

    let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro"});
    let role = cast.owner.client.post("/v2/roles", &role).json()["role_id"].as_str().expect("an id").to_owned();
    let gone = cast.invite(GUEST, "LiveChat", "night shift");
    assert_eq!(cast.owner.client.delete(&format!("/v2/roles/{role}")).status, StatusCode::OK);
    over(&cast, &follow(&cast.world.link_of(&gone)), StatusCode::GONE, "What was offered is gone");
    let disabled = cast.invite(GUEST, "HelpDesk", "viewer");
    let path = "/v2/organizations/my/products/HelpDesk";
    assert_eq!(cast.owner.client.delete(path).status, StatusCode::OK);
    over(&cast, &follow(&cast.world.link_of(&disabled)), StatusCode::GONE, "What was offered is gone");

    let taken = cast.invite("taken@example.com", "Accounts", "member");
    let link = cast.world.link_of(&taken);
    cast.hire("taken@example.com", &[]);
    over(&cast, &follow(&link), StatusCode::OK, "You have access already");

    let expired = cast.invite("late@example.com", "LiveChat", "normal");
    let link = cast.world.link_of(&expired);
    cast.world.clock.advance(Duration::from_hours(14 * 24));
    let answer = follow(&link);
    assert_eq!(answer.calls.database, 0, "an expired link asks no storage");
    over(&cast, &answer, StatusCode::GONE, "The invitation has expired");
    cast.world.database.execute("DELETE FROM invitation");
    over(&cast, &follow(&link), StatusCode::GONE, "The invitation has expired");
}

#[test]
fn t6_what_is_no_invitation_s_link_opens_nothing() {
    let cast = stage();
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let token = cast.world.token_of(&id);
    let app = cast.world.app();
    let later = app.now().plus(Duration::from_hours(1));
    let mut dead: Vec<String> =
        Kind::ALL.iter().map(|kind| app.mint(*kind, Some(later)).expect("a key").text).collect();
    dead.extend(
        ["", "x", "dal:", &token[..token.len() - 1], &format!("{token}A"), &token.replace("dal:", "fra:")]
            .map(str::to_owned),
    );
    for text in dead {
        let answer = cast.world.browser().get(&format!("/invitation?token={text}"));
        over(&cast, &answer, StatusCode::NOT_FOUND, "There is no such invitation");
        assert!(answer.calls.database <= 1, "{text}");
    }
    over(&cast, &cast.world.browser().get("/invitation"), StatusCode::NOT_FOUND, "There is no such invitation");
    cast.world.database.execute("UPDATE mail_token SET purpose = 'invite', expires_at = 0");
    let browser = cast.world.browser();
    browser.get(&format!("/invitation?token={token}"));
    send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
    assert_eq!(cast.world.rows("account WHERE email = 'guest@example.com'"), 0, "T16 the row's own time counts too");
}

#[test]
fn a18_a_form_is_of_this_browser_this_link_and_this_origin() {
    let cast = stage();
    let link = cast.world.link_of(&cast.invite(GUEST, "LiveChat", "normal"));
    let other = cast.world.token_of(&cast.invite("other@example.com", "LiveChat", "administrator"));
    let browser = cast.world.browser();
    browser.get(&link);
    let (form, token) = (browser.form(), hidden(&browser.page(), "token").expect("a token"));
    let stranger = cast.world.browser();
    stranger.get(&link);
    let before = state(&cast);
    let fields = |form: &str, token: &str| {
        [("form", form), ("token", token), ("name", "Ewa"), ("password", PASSWORD), ("decision", "decline")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    for path in ["/invitation", "/invitation/signin", "/invitation/signup"] {
        for (browser, origin, form, token) in [
            (&browser, Some("https://evil.example"), form.as_str(), token.as_str()),
            (&browser, Some("null"), &form, &token),
            (&browser, None, &form, &token),
            (&stranger, Some(ORIGIN), &form, &token),
            (&browser, Some(ORIGIN), &form, &other),
            (&browser, Some(ORIGIN), &form, ""),
            (&browser, Some(ORIGIN), "", &token),
        ] {
            let fields = fields(form, token);
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = browser.copy().post_as(path, origin, &fields);
            assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 0), "{path}");
        }
    }
    assert_eq!(state(&cast), before);
    browser.get(&link);
    let answer = send(&browser, "/invitation", &[("decision", "perhaps")]);
    assert!(answer.header("location").starts_with("/ooops"), "{}", answer.header("location"));
    assert_eq!(state(&cast), before);
}

#[test]
fn whoever_has_the_link_may_decline() {
    let cast = stage();
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    let browser = cast.world.browser();
    browser.get(&link);
    let answer = send(&browser, "/invitation", &[("decision", "decline")]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 2));
    over(&cast, &browser.get(answer.header("location")), StatusCode::GONE, "The invitation was declined");
    let entry: String = cast.world.database.value(
        "SELECT actor_kind || coalesce(actor_id, '') || target_id FROM audit_log WHERE action = 'invitation.decline'",
    );
    assert_eq!(entry, format!("anonymous{id}"));
    let guest = known(&cast, "known@example.com");
    let id = cast.invite("known@example.com", "LiveChat", "normal");
    let browser = signed_in(&cast, &guest);
    browser.get(&cast.world.link_of(&id));
    send(&browser, "/invitation", &[("decision", "decline")]);
    assert_eq!((cast.state_of(&id).as_str(), cast.audited("invitation.decline")), ("declined", 2));
    let by: i64 = cast
        .world
        .database
        .value(&format!("SELECT count(*) FROM audit_log WHERE action = 'invitation.decline' AND actor_id = '{guest}'"));
    assert_eq!(by, 1);
    cast.world.browser().get(&link);
}

#[test]
fn p1_z10_the_form_says_everything_that_is_wrong_at_once() {
    let cast = stage();
    let link = cast.world.link_of(&cast.invite(GUEST, "LiveChat", "normal"));
    let browser = cast.world.browser();
    browser.get(&link);
    let before = state(&cast);
    for (name, password, told) in [
        ("", "", ["Enter your name", "Enter your password"]),
        ("Ewa\u{202e}", "1234567", ["cannot be shown", "at least 8"]),
        ("", "password", ["Enter your name", "easy to guess"]),
    ] {
        let answer = send(&browser, "/invitation/signup", &[("name", name), ("password", password)]);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 1));
        for told in told {
            assert!(answer.text.contains(told), "{told}: {}", answer.text);
        }
        assert!(password.is_empty() || !answer.text.contains(&format!("value=\"{password}\"")));
    }
    assert_eq!(state(&cast), before);
}

#[test]
fn e3_passwords_and_sign_ups_on_the_page_are_counted_like_everywhere() {
    let settings = [("PASSWORD_ATTEMPTS", "2"), ("SIGN_UPS_PER_HOUR", "3")];
    let cast = Cast::of(World::with(&settings), "owner@example.com");
    cast.enable("LiveChat");
    known(&cast, GUEST);
    let browser = cast.world.browser();
    browser.get(&cast.world.link_of(&cast.invite(GUEST, "LiveChat", "normal")));
    let hashes = cast.world.isolate_hashes();
    let statuses: Vec<_> = (0..3)
        .map(|_| {
            let page = browser.copy();
            send(&page, "/invitation/signin", &[("password", "wrong-password")]).status
        })
        .collect();
    assert_eq!(statuses, [StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS]);
    assert_eq!(cast.world.isolate_hashes() - hashes, 2, "the third is refused before the hash");
    let elsewhere = cast.world.browser();
    elsewhere.get("/signin");
    let answer = elsewhere.sign_in(GUEST, PASSWORD);
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "one counter with the sign-in form");

    let sign_up = |email: &str| {
        let browser = cast.world.browser();
        browser.get(&cast.world.link_of(&cast.invite(email, "LiveChat", "normal")));
        send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]).status
    };
    assert_eq!(sign_up("a@example.com"), StatusCode::SEE_OTHER);
    assert_eq!(sign_up("b@example.com"), StatusCode::TOO_MANY_REQUESTS, "with every other sign-up of the network");
}

#[test]
fn the_role_is_what_was_offered() {
    let cast = stage();
    for (email, product, role, expected) in [
        ("a@example.com", "Accounts", "member", "Accounts/member"),
        ("b@example.com", "Accounts", "administrator", "Accounts/administrator"),
        ("c@example.com", "Accounts", "billing_editor", "Accounts/billing_editor,Accounts/member"),
        ("d@example.com", "LiveChat", "administrator", "Accounts/member,LiveChat/administrator"),
    ] {
        let browser = cast.world.browser();
        browser.get(&cast.world.link_of(&cast.invite(email, product, role)));
        let answer = send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(cast.roles_of(&account_of(&cast, email)), expected);
    }
}

#[test]
fn a_member_added_meanwhile_keeps_the_primary_role_and_gets_the_offered_one() {
    let cast = stage();
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    let body =
        json!({"email": GUEST, "password": PASSWORD, "roles": [{"product": "Accounts", "role": "administrator"}]});
    assert_eq!(cast.owner.client.post("/v2/accounts", &body).status, StatusCode::CREATED);
    let browser = cast.world.browser();
    browser.get(&link);
    let answer = send(&browser, "/invitation/signin", &[("password", PASSWORD)]);
    browser.get(answer.header("location"));
    send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!(cast.roles_of(&account_of(&cast, GUEST)), "Accounts/administrator,LiveChat/normal");
    assert_eq!(cast.state_of(&id), "accepted");
}

#[test]
fn e2_in_the_strict_profile_the_link_lets_in_an_account_that_was_never_proven() {
    let cast = stage();
    known(&cast, GUEST);
    let link = cast.world.link_of(&cast.invite(GUEST, "LiveChat", "normal"));
    let strict = cast.world.reconfigured(&[("PROFILE", "strict")]);
    let elsewhere = strict.browser();
    elsewhere.get("/signin");
    assert_eq!(elsewhere.sign_in(GUEST, PASSWORD).status, StatusCode::UNAUTHORIZED, "without the link");
    let browser = strict.browser();
    browser.get(&link);
    let answer = send(&browser, "/invitation/signin", &[("password", PASSWORD)]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    browser.get(answer.header("location"));
    send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!(verified(&cast, GUEST), 1);
}

#[test]
fn accepting_is_a_first_proof_and_removes_what_was_planted_before_it() {
    let cast = stage();
    let guest = known(&cast, GUEST);
    let own: String =
        cast.world.database.value(&format!("SELECT default_organization_id FROM account WHERE account_id = '{guest}'"));
    let planted = cast.world.personal(&guest, &own, &["accounts--my:ro"]);
    assert_eq!(planted.get("/v2/accounts/me").status, StatusCode::OK);
    let browser = signed_in(&cast, &guest);
    browser.get(&cast.world.link_of(&cast.invite(GUEST, "LiveChat", "normal")));
    send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!(verified(&cast, GUEST), 1);
    assert_eq!(planted.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/").status, StatusCode::OK, "the session that accepted lives on");
}
