//! Links in mails: e-mail verification, forgotten password, change of e-mail.

use std::time::Duration;

use global_accounts::app::StorageCalls;
use global_accounts::oauth::envelope::Kind;
use global_accounts::oauth::mail_link::Purpose;
use global_accounts::ports::Clock as _;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::browser::{Browser, ORIGIN};
use crate::support::client::{Answer, Client, World};
use crate::support::mails::{link_in, token_in};

const PASSWORD: &str = "BG0SaleEBL";
const NEW_PASSWORD: &str = "another-one-7";
const VERIFICATION: &str = "/v2/accounts/me/email/verification";
const EMAIL: &str = "/v2/accounts/me/email";
const OWNER: &str = "owner@example.com";

/// The owner of an organization, signed in at the API.
fn owner(world: &World) -> (Client, String, String) {
    let (client, created) = world.sign_up(OWNER);
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    (client, text(&created["account_id"]), text(&created["organization"]["organization_id"]))
}

fn verified(world: &World) -> i64 {
    world.database.value(&format!("SELECT email_verified FROM account WHERE email_key = '{OWNER}'"))
}

/// Presses the button of the page behind a link.
fn press(reader: &Browser, purpose: Purpose, token: &str, fields: &[(&str, &str)]) -> Answer {
    let fields: Vec<_> = [("token", token)].into_iter().chain(fields.iter().copied()).collect();
    reader.post(purpose.path(), &fields)
}

/// Opens a link in a new browser and presses its button.
fn follow(world: &World, link: &str, purpose: Purpose, fields: &[(&str, &str)]) -> Answer {
    let reader = world.browser();
    let page = reader.get(link);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    press(&reader, purpose, token_in(link), fields)
}

fn done(answer: &Answer, purpose: Purpose) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "A13 {}", answer.text);
    assert_eq!(answer.header("location"), format!("{}?done=1", purpose.path()));
}

fn ask_for_password(world: &World, email: &str) -> Answer {
    let browser = world.browser();
    browser.get("/forgot");
    browser.post("/forgot", &[("email", email)])
}

fn reset_link(world: &World) -> String {
    let answer = ask_for_password(world, OWNER);
    done_forgot(&answer);
    link_in(world.mails_to(OWNER, "Choose a new password").last().expect("a mail"))
}

fn done_forgot(answer: &Answer) {
    assert_eq!(
        (answer.status, answer.header("location")),
        (StatusCode::SEE_OTHER, "/forgot?done=1"),
        "{}",
        answer.text
    );
}

fn signs_in(world: &World, email: &str, password: &str) -> bool {
    let browser = world.browser();
    browser.get("/");
    browser.sign_in(email, password).status == StatusCode::SEE_OTHER
}

// ---------------------------------------------------------------- verification

#[test]
fn m9_a_sign_up_at_the_page_is_verified_by_the_link_and_by_nothing_else() {
    let world = World::mailing();
    let browser = world.browser();
    browser.get("/signup?lang=pl");
    let person = [("email", OWNER), ("password", PASSWORD), ("name", "Owner"), ("email_verified", "1")];
    assert_eq!(browser.post("/signup?lang=pl", &person).status, StatusCode::SEE_OTHER);
    let mails = world.mails_to(OWNER, "Potwierdź swój adres");
    assert_eq!((mails.len(), world.mails().len()), (1, 1), "in the language of the page, and no notice of a device");
    let link = link_in(&mails[0]);
    let reader = world.browser();
    for method in [Method::GET, Method::HEAD, Method::GET] {
        assert_eq!(reader.request(method, &link, &[], "").status, StatusCode::OK, "E8");
    }
    assert_eq!(verified(&world), 0, "E8: who reads uses nothing up");
    reader.get(&link);
    let answer = press(&reader, Purpose::Verify, token_in(&link), &[]);
    done(&answer, Purpose::Verify);
    assert_eq!((verified(&world), answer.calls.database), (1, 1));
    assert!(answer.headers.get_all("set-cookie").iter().next().is_none(), "E9: signs nobody in");
    assert_eq!(reader.get("/verify?done=1").status, StatusCode::OK);
    assert_eq!(reader.get(&link).status, StatusCode::GONE);
}

#[test]
fn e6_a_newer_link_replaces_the_older_and_all_end_in_an_hour() {
    let world = World::mailing();
    let (client, ..) = owner(&world);
    let ask = || {
        assert_eq!(client.post(VERIFICATION, &json!({})).status, StatusCode::OK);
        link_in(world.mails_to(OWNER, "Confirm your email").last().expect("a mail"))
    };
    let (old, new) = (ask(), ask());
    assert_ne!(old, new);
    assert_eq!(world.browser().get(&old).status, StatusCode::GONE);
    world.clock.advance(Duration::from_mins(59));
    assert_eq!(world.browser().get(&new).status, StatusCode::OK);
    world.clock.advance(Duration::from_mins(1));
    let late = world.browser().get(&new);
    assert_eq!((late.status, late.calls), (StatusCode::GONE, StorageCalls::default()), "F2");
    done(&follow(&world, &ask(), Purpose::Verify, &[]), Purpose::Verify);
    let again = client.post(VERIFICATION, &json!({}));
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    assert_eq!(again.json()["error_description"], "The e-mail address is confirmed already.");
}

#[test]
fn e11_one_account_gets_so_many_mails_an_hour() {
    let world = World::mailing();
    let (client, ..) = owner(&world);
    for _ in 0..5 {
        assert_eq!(client.post(VERIFICATION, &json!({})).status, StatusCode::OK);
    }
    let sixth = client.post(VERIFICATION, &json!({}));
    assert_eq!((sixth.status, sixth.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"), "{}", sixth.text);
    assert_eq!(world.mails().len(), 5);
    let still = link_in(world.mails().last().expect("a mail"));
    assert_eq!(world.browser().get(&still).status, StatusCode::OK, "the refusal took no link back");
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(client.post(VERIFICATION, &json!({})).status, StatusCode::OK);
}

/// Design, section 8: what somebody planted before the owner of the address came.
#[test]
fn the_first_proof_of_an_address_clears_what_was_planted_before_it_and_a_later_one_nothing() {
    for purpose in [Purpose::Verify, Purpose::Reset] {
        let world = World::mailing();
        let (client, account, organization) = owner(&world);
        plant(&world, &account, &organization, &client);
        let link = match purpose {
            Purpose::Verify => {
                client.post(VERIFICATION, &json!({}));
                link_in(world.mails_to(OWNER, "Confirm your email address").last().expect("a mail"))
            }
            _ => reset_link(&world),
        };
        assert_eq!(planted(&world), [1; 6], "{purpose:?}");
        done(&follow(&world, &link, purpose, &[("password", NEW_PASSWORD)]), purpose);
        assert_eq!((planted(&world), verified(&world)), ([0; 6], 1), "{purpose:?}");

        let client = world.bearer(&world.full_token_for(&account, &organization));
        plant(&world, &account, &organization, &client);
        done(&follow(&world, &reset_link(&world), Purpose::Reset, &[("password", PASSWORD)]), Purpose::Reset);
        assert_eq!(planted(&world), [1, 1, 1, 1, 0, 0], "E9: a second factor stays; personal tokens and changes end");
    }
}

fn plant(world: &World, account: &str, organization: &str, client: &Client) {
    let statements = [
        "INSERT OR REPLACE INTO passkey (passkey_id, account_id, credential_id, public_key, algorithm, name, created_at)
           VALUES ('p', '{}', 'c', 'k', -7, 'key', 0)",
        "INSERT OR REPLACE INTO totp (account_id, sealed_secret, confirmed_at, created_at) VALUES ('{}', 's', 0, 0)",
        "INSERT OR REPLACE INTO recovery_code (account_id, code_digest, created_at) VALUES ('{}', 'd', 0)",
    ];
    for statement in statements {
        world.database.execute(&statement.replace("{}", account));
    }
    let app = "0123456789abcdef0123456789abcdef";
    world.database.execute(&format!("DELETE FROM client WHERE client_id = '{app}'"));
    world.application(app, organization, None);
    world.database.execute(&format!("UPDATE client SET created_by = '{account}' WHERE client_id = '{app}'"));
    let token = client.post("/v2/personal_token", &json!({"name": "x", "scope": "accounts--my:ro"}));
    assert_eq!(token.status, StatusCode::CREATED, "{}", token.text);
    let change = client.post(EMAIL, &json!({"email": "elsewhere@example.com"}));
    assert_eq!(change.status, StatusCode::OK, "{}", change.text);
}

/// Passkeys, TOTP, recovery codes, clients, live personal tokens, pending changes.
fn planted(world: &World) -> [i64; 6] {
    [
        "passkey",
        "totp",
        "recovery_code",
        "client WHERE created_by IS NOT NULL",
        "personal_token JOIN account USING (account_id)
           WHERE account.personal_token_epoch = personal_token.personal_token_epoch",
        "email_change WHERE applied_at IS NULL",
    ]
    .map(|table| world.rows(table))
}

// ---------------------------------------------------------------- forgotten password

#[test]
fn e1_p8_nobody_learns_from_forgot_whether_there_is_an_account() {
    let world = World::mailing();
    owner(&world);
    world.database.execute(
        "INSERT INTO account (account_id, email, email_key, created_at, updated_at)
         VALUES ('00000000-0000-7000-8000-00000000000a', 'bare@example.com', 'bare@example.com', 0, 0)",
    );
    let mut seen = Vec::new();
    for email in [OWNER, "nobody@example.com", "bare@example.com"] {
        let browser = world.browser();
        browser.get("/forgot");
        let (hashes, batches, statements) =
            (world.isolate_hashes(), world.database.batches(), world.database.statements());
        let world_without_sending = world.reconfigured(&[]);
        let mut quiet = browser.clone();
        quiet.world = world_without_sending;
        let answer = quiet.post("/forgot", &[("email", email)]);
        let cost = (
            world.isolate_hashes() - hashes,
            world.database.batches() - batches,
            world.database.statements() - statements,
            answer.calls,
        );
        let mut headers: Vec<String> =
            answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
        headers.sort();
        let page = browser.get(answer.header("location"));
        let told = page.text.replace(|c: char| c.is_ascii_hexdigit() || c == '-', "");
        seen.push((answer.status, headers, answer.text.clone(), cost, told));
    }
    assert_eq!(seen[0], seen[1], "E1: status, headers, bytes, hashes, batches, statements");
    assert_eq!(seen[1], seen[2], "E1: an account without a password");
    println!("forgot, known and unknown: {:?} (hashes, batches, statements, storage calls)", seen[0].3);
    assert_eq!((seen[0].3.0, seen[0].3.1), (0, 1));
    let mailed: i64 = world.rows("outbox WHERE template = 'reset_password'");
    assert_eq!(mailed, 2, "only accounts get a mail");
}

#[test]
fn p10_s4_a_reset_ends_every_session_and_token_and_tells_by_mail() {
    let world = World::mailing();
    let (client, account, organization) = owner(&world);
    let token = client.post("/v2/personal_token", &json!({"name": "x", "scope": "accounts--my:ro"})).json();
    let script = world.basic(&account, token["personal_token"].as_str().expect("a token"));
    let browser = world.browser_of(&account, &organization);
    let public = "0123456789abcdef0123456789abcde0";
    world.application(public, &organization, None);
    let session: String = world.database.value("SELECT session_id FROM session LIMIT 1");
    let given = world.grant(public, &account, &organization, &session, &["accounts--my:ro"]);
    let application = world.bearer(&given.access_token);
    let alive = || {
        [&client, &script, &application]
            .map(|client| client.get("/v2/accounts/me").status == StatusCode::OK)
            .into_iter()
            .chain([browser.get("/account").status == StatusCode::OK])
            .collect::<Vec<_>>()
    };
    assert_eq!(alive(), [true; 4]);
    let answer = follow(&world, &reset_link(&world), Purpose::Reset, &[("password", NEW_PASSWORD)]);
    done(&answer, Purpose::Reset);
    assert_eq!(answer.calls.database, 2);
    assert!(answer.headers.get_all("set-cookie").iter().next().is_none(), "E9: signs nobody in");
    assert_eq!(alive(), [false; 4], "S4");
    let refresh = json!({"grant_type": "refresh_token", "client_id": public, "refresh_token": given.refresh_token});
    assert_eq!(world.anonymous().post("/v2/token", &refresh).status, StatusCode::UNAUTHORIZED, "S4");
    assert!(signs_in(&world, OWNER, NEW_PASSWORD) && !signs_in(&world, OWNER, PASSWORD));
    assert_eq!(world.mails_to(OWNER, "Your password was set anew").len(), 1, "P10");
    assert_eq!(verified(&world), 1, "who has the mail has the address");
    let logged: i64 = world.rows("audit_log WHERE action = 'account.reset_password'");
    assert_eq!(logged, 1, "L1");
}

#[test]
fn r9_e6_a_reset_link_works_once_for_half_an_hour_and_dies_with_a_newer_one() {
    let world = World::mailing();
    owner(&world);
    let (old, new) = (reset_link(&world), reset_link(&world));
    assert_eq!(world.browser().get(&old).status, StatusCode::GONE);
    let reader = world.browser();
    reader.get(&new);
    let form = reader.form();
    world.clock.advance(Duration::from_mins(29));
    let mut pressed = Vec::new();
    for round in 0..20 {
        let fields = [("form", form.as_str()), ("token", token_in(&new)), ("password", NEW_PASSWORD)];
        let hashes = world.isolate_hashes();
        pressed.push(reader.post_as("/reset", Some(ORIGIN), &fields).status);
        assert_eq!(world.isolate_hashes() - hashes, u64::from(round == 0), "a used link costs no hash");
    }
    assert_eq!(pressed.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "R9 {pressed:?}");
    assert_eq!(pressed.iter().filter(|status| **status == StatusCode::GONE).count(), 19);
    assert_eq!(world.rows("audit_log WHERE action = 'account.reset_password'"), 1);
    let third = reset_link(&world);
    world.clock.advance(Duration::from_mins(30));
    assert_eq!(world.browser().get(&third).status, StatusCode::GONE, "half an hour");
}

/// Between the two round trips somebody else uses the same link.
#[test]
fn r9_of_two_at_the_same_time_one_sets_the_password() {
    let world = World::mailing();
    owner(&world);
    let link = reset_link(&world);
    let before: String = world.database.value("SELECT phc FROM password");
    let reader = world.browser();
    reader.get(&link);
    world.database.meanwhile(1, "UPDATE mail_token SET used_at = 1 WHERE purpose = 'reset'");
    let answer = press(&reader, Purpose::Reset, token_in(&link), &[("password", NEW_PASSWORD)]);
    assert_eq!(answer.status, StatusCode::GONE);
    let after: String = world.database.value("SELECT phc FROM password");
    assert_eq!((after, world.rows("audit_log WHERE action = 'account.reset_password'")), (before, 0));
}

#[test]
fn e6_a_link_dies_when_password_or_address_change() {
    let world = World::mailing();
    let (client, account, _) = owner(&world);
    let link = reset_link(&world);
    let answer = client.post("/v2/accounts/me/password/reset", &json!({"password": NEW_PASSWORD}));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(world.browser().get(&link).status, StatusCode::GONE, "the password changed");
    let link = reset_link(&world);
    world.database.execute(&format!(
        "UPDATE account SET email = 'x@example.com', email_key = 'x@example.com' WHERE account_id = '{account}'"
    ));
    assert_eq!(world.browser().get(&link).status, StatusCode::GONE, "the address is another");
}

#[test]
fn t6_f1_no_other_token_opens_a_link_and_none_costs_storage() {
    let world = World::mailing();
    owner(&world);
    let link = reset_link(&world);
    let later = Some(world.app().now().plus(Duration::from_hours(1)));
    for purpose in [Purpose::Reset, Purpose::Verify, Purpose::EmailChange, Purpose::EmailUndo] {
        for kind in Kind::ALL.into_iter().filter(|kind| *kind != purpose.kind()) {
            let token = world.app().mint(kind, later).expect("a token").text;
            let answer = world.browser().get(&purpose.link("", &token));
            assert_eq!(
                (answer.status, answer.calls),
                (StatusCode::GONE, StorageCalls::default()),
                "{purpose:?} {kind:?}"
            );
        }
        if purpose != Purpose::Reset {
            let answer = world.browser().get(&purpose.link("", token_in(&link)));
            assert_eq!((answer.status, answer.calls), (StatusCode::GONE, StorageCalls::default()), "{purpose:?}");
        }
        let forged = world.browser().get(&purpose.link("", "dal:forged"));
        assert_eq!((forged.status, forged.calls), (StatusCode::GONE, StorageCalls::default()));
    }
    let cursor = world.browser().get("/reset");
    assert_eq!(cursor.status, StatusCode::GONE);
}

#[test]
fn a17_the_button_needs_the_form_of_this_very_browser() {
    let world = World::mailing();
    owner(&world);
    let link = reset_link(&world);
    let reader = world.browser();
    reader.get(&link);
    let (form, other) = (reader.form(), world.browser());
    other.get("/forgot");
    let foreign = other.form();
    for (browser, origin, form) in [
        (&reader, Some("https://evil.example"), form.as_str()),
        (&reader, None, form.as_str()),
        (&reader, Some(ORIGIN), foreign.as_str()),
        (&reader, Some(ORIGIN), ""),
        (&other, Some(ORIGIN), form.as_str()),
    ] {
        let fields = [("form", form), ("token", token_in(&link)), ("password", NEW_PASSWORD)];
        let answer = browser.post_as("/reset", origin, &fields);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 0), "{}", answer.text);
    }
    assert_eq!(world.browser().get(&link).status, StatusCode::OK, "nothing was used up");
}

#[test]
fn a_password_that_will_not_do_uses_nothing_up() {
    let world = World::mailing();
    owner(&world);
    let link = reset_link(&world);
    for password in ["", "short", "password1", &"x".repeat(256)] {
        let answer = follow(&world, &link, Purpose::Reset, &[("password", password)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        assert!(!answer.text.contains(&format!("value=\"{password}\"")) || password.is_empty(), "never shown again");
    }
    done(&follow(&world, &link, Purpose::Reset, &[("password", &"é".repeat(255))]), Purpose::Reset);
}

#[test]
fn e3_e11_forgot_is_limited_by_network_and_by_address_without_telling() {
    let world = World::mailing_with(&[("RECOVERIES_PER_HOUR", "8")]);
    owner(&world);
    for _ in 0..7 {
        done_forgot(&ask_for_password(&world, OWNER));
    }
    assert_eq!(world.mails_to(OWNER, "Choose a new password").len(), 5, "E11");
    let newest = link_in(world.mails().last().expect("a mail"));
    assert_eq!(world.browser().get(&newest).status, StatusCode::OK, "the last one sent still works");
    done_forgot(&ask_for_password(&world, "nobody@example.com"));
    for email in [OWNER, "nobody@example.com"] {
        let answer = ask_for_password(&world, email);
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"), "E3");
    }
    world.come_from("192.0.2.9");
    done_forgot(&ask_for_password(&world, "somebody@example.com"));
    world.clock.advance(Duration::from_hours(1));
    world.come_from("192.0.2.1");
    done_forgot(&ask_for_password(&world, OWNER));
    assert_eq!(world.mails_to(OWNER, "Choose a new password").len(), 6);
}

#[test]
fn a_reset_lets_the_owner_past_the_counted_guesses() {
    let world = World::mailing();
    owner(&world);
    for _ in 0..11 {
        signs_in(&world, OWNER, "wrong-password");
    }
    assert!(!signs_in(&world, OWNER, PASSWORD), "throttled");
    done(&follow(&world, &reset_link(&world), Purpose::Reset, &[("password", NEW_PASSWORD)]), Purpose::Reset);
    assert!(signs_in(&world, OWNER, NEW_PASSWORD));
}

#[test]
fn e7_links_never_follow_the_host_of_a_request() {
    let world = World::mailing_with(&[("PUBLIC_URL", "https://accounts.example.com")]);
    owner(&world);
    let browser = world.browser();
    browser.get("/forgot");
    let form = browser.form();
    let cookie = format!("__Host-browser={}", browser.cookie("__Host-browser").expect("one"));
    let body = format!("form={}&email={OWNER}", form_urlencoded::byte_serialize(form.as_bytes()).collect::<String>());
    let headers = [
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("origin", "https://evil.example"),
        ("cookie", cookie.as_str()),
        ("content-type", "application/x-www-form-urlencoded"),
    ];
    let answer = world.with_headers(Method::POST, "/forgot", &headers, body);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let mail = &world.mails()[0];
    assert!(mail.text.contains("https://accounts.example.com/reset?token="), "{}", mail.text);
    assert!(!mail.text.contains("evil") && !mail.html.contains("evil"));
}

// ---------------------------------------------------------------- change of address

fn ask_change(client: &Client, email: &str) -> Answer {
    client.post(EMAIL, &json!({"email": email, "password": PASSWORD}))
}

fn address(world: &World, account: &str) -> String {
    world.database.value(&format!("SELECT email || ' ' || email_verified FROM account WHERE account_id = '{account}'"))
}

#[test]
fn m9_a_new_address_is_proven_first_and_the_old_one_can_take_it_back_for_a_week() {
    let world = World::mailing();
    let (client, account, organization) = owner(&world);
    let answer = ask_change(&client, "New@Example.com");
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(address(&world, &account), "owner@example.com 0", "nothing changes before the proof");
    assert_eq!(world.mails_to(OWNER, "A new email address was asked for").len(), 1, "told");
    let confirm = link_in(&world.mails_to("New@Example.com", "Confirm your new email")[0]);
    let used = follow(&world, &confirm, Purpose::EmailChange, &[]);
    done(&used, Purpose::EmailChange);
    assert_eq!((address(&world, &account), used.calls.database), ("New@Example.com 1".into(), 1));
    assert!(signs_in(&world, "new@example.com", PASSWORD) && !signs_in(&world, OWNER, PASSWORD));
    assert_eq!(follow_again(&world, &confirm), StatusCode::GONE);

    let undo = link_in(&world.mails_to(OWNER, "Your email address was changed")[0]);
    world.clock.advance(Duration::from_hours(7 * 24 - 1));
    let session = world.browser_of(&account, &organization);
    done(&follow(&world, &undo, Purpose::EmailUndo, &[]), Purpose::EmailUndo);
    assert_eq!(address(&world, &account), "owner@example.com 0", "as it was");
    assert_ne!(session.get("/account").status, StatusCode::OK, "whoever had it is out");
    assert!(!signs_in(&world, OWNER, PASSWORD), "and the password is no more");
    assert_eq!(world.mails_to(OWNER, "Your email address is back").len(), 1);
    done(&follow(&world, &reset_link(&world), Purpose::Reset, &[("password", NEW_PASSWORD)]), Purpose::Reset);
    assert!(signs_in(&world, OWNER, NEW_PASSWORD));
    assert_eq!(follow_again(&world, &undo), StatusCode::GONE);
}

#[test]
fn m9_what_a_thief_made_for_himself_goes_with_the_change_and_what_is_older_stays() {
    for days in [0, 6, 8] {
        let world = World::mailing();
        let (_, account, organization) = owner(&world);
        let made = world.clock.now().millis();
        world.enrol(&account);
        world.recovery_code(&account, 1);
        world.database.execute(&format!("UPDATE totp SET confirmed_at = {made}, created_at = {made}"));
        world.database.execute(&format!("UPDATE recovery_code SET created_at = {made}"));
        world.database.execute(&format!(
            "INSERT INTO passkey (passkey_id, account_id, credential_id, public_key, algorithm, name, created_at)
             VALUES ('00000000-0000-7000-8000-000000000a02', '{account}', 'c', 'k', -7, 'key', {made})"
        ));
        world.clock.advance(Duration::from_hours(days * 24));
        let thief = world.bearer(&world.token_for(&account, &organization, &["accounts--my:rw"]));
        assert_eq!(ask_change(&thief, "thief@example.com").status, StatusCode::OK);
        let confirm = link_in(&world.mails_to("thief@example.com", "Confirm your new email")[0]);
        done(&follow(&world, &confirm, Purpose::EmailChange, &[]), Purpose::EmailChange);
        let undo = link_in(&world.mails_to(OWNER, "Your email address was changed")[0]);
        done(&follow(&world, &undo, Purpose::EmailUndo, &[]), Purpose::EmailUndo);
        let left = ["totp", "passkey", "recovery_code", "account WHERE mfa = 1"].map(|rows| world.count(rows));
        assert_eq!(left, if days < 7 { [0; 4] } else { [1; 4] }, "{days} days old");
    }
}

fn follow_again(world: &World, link: &str) -> StatusCode {
    world.browser().get(link).status
}

#[test]
fn an_undo_ends_after_a_week_and_a_second_change_does_not_disarm_the_first() {
    let world = World::mailing();
    let (client, account, _) = owner(&world);
    let change = |to: &str| {
        assert_eq!(ask_change(&client, to).status, StatusCode::OK);
        let link = link_in(world.mails_to(to, "Confirm your new email").last().expect("a mail"));
        done(&follow(&world, &link, Purpose::EmailChange, &[]), Purpose::EmailChange);
    };
    change("second@example.com");
    world.clock.advance(Duration::from_secs(1));
    change("third@example.com");
    let first = link_in(&world.mails_to(OWNER, "Your email address was changed")[0]);
    let second = link_in(&world.mails_to("second@example.com", "Your email address was changed")[0]);
    done(&follow(&world, &first, Purpose::EmailUndo, &[]), Purpose::EmailUndo);
    assert_eq!(address(&world, &account), "owner@example.com 0");
    assert_eq!(follow_again(&world, &second), StatusCode::GONE, "the thief's own way back");

    let world = World::mailing();
    let (client, ..) = owner(&world);
    ask_change(&client, "second@example.com");
    let link = link_in(&world.mails_to("second@example.com", "Confirm")[0]);
    done(&follow(&world, &link, Purpose::EmailChange, &[]), Purpose::EmailChange);
    let undo = link_in(&world.mails_to(OWNER, "Your email address was changed")[0]);
    world.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(follow_again(&world, &undo), StatusCode::GONE);
}

#[test]
fn e1_who_asks_for_another_s_address_does_not_learn_that_it_is_taken() {
    let world = World::mailing();
    let (client, account, _) = owner(&world);
    world.sign_up("known@example.com");
    let before = world.database.statements();
    let free = ask_change(&client, "free@example.com");
    let between = world.database.statements();
    let taken = ask_change(&client, "known@example.com");
    assert_eq!((free.status, free.text, free.calls), (taken.status, taken.text, taken.calls));
    let (for_free, for_taken) = (between - before, world.database.statements() - between);
    println!("change of address, free and taken: {for_free} and {for_taken} statements with the sender's");
    assert_eq!(world.mails_to("known@example.com", "You have an account already").len(), 1);
    assert_eq!(world.mails_to("known@example.com", "Confirm").len(), 0);
    assert_eq!(world.rows("mail_token WHERE purpose = 'email_change'"), 0, "the earlier request is forgotten too");
    assert_eq!(address(&world, &account), "owner@example.com 0");
}

#[test]
fn an_address_that_can_be_taken_back_is_free_for_nobody_else() {
    let world = World::mailing();
    let (client, ..) = owner(&world);
    ask_change(&client, "second@example.com");
    let link = link_in(&world.mails_to("second@example.com", "Confirm")[0]);
    done(&follow(&world, &link, Purpose::EmailChange, &[]), Purpose::EmailChange);
    let accounts = world.rows("account");
    let body = json!({"email": OWNER, "password": PASSWORD});
    assert_eq!(world.anonymous().post("/v2/organizations", &body).status, StatusCode::CONFLICT);
    let browser = world.browser();
    browser.get("/signup");
    let person = [("email", OWNER), ("password", PASSWORD), ("name", "X")];
    assert_eq!(browser.post("/signup", &person).status, StatusCode::CONFLICT);
    assert_eq!(client.post("/v2/accounts", &json!({"email": OWNER})).status, StatusCode::CONFLICT);
    assert_eq!(world.rows("account"), accounts);
    let (other, _) = world.sign_up("other@example.com");
    assert_eq!(other.post(EMAIL, &json!({"email": OWNER})).status, StatusCode::OK, "E1");
    assert_eq!(world.rows("mail_token WHERE purpose = 'email_change' AND used_at IS NULL"), 0);
    world.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(world.anonymous().post("/v2/organizations", &body).status, StatusCode::OK);
}

#[test]
fn an_address_that_gets_an_account_meanwhile_is_not_changed_to() {
    let world = World::mailing();
    let (client, account, _) = owner(&world);
    ask_change(&client, "second@example.com");
    let link = link_in(&world.mails_to("second@example.com", "Confirm")[0]);
    world.sign_up("second@example.com");
    assert_eq!(follow(&world, &link, Purpose::EmailChange, &[]).status, StatusCode::GONE);
    assert_eq!(address(&world, &account), "owner@example.com 0");
}

#[test]
fn a_change_of_address_needs_proof_and_one_s_own_credentials() {
    let world = World::mailing();
    let (client, account, organization) = owner(&world);
    let refused = |answer: Answer, status: StatusCode| {
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!((world.rows("email_change"), world.mails_to("x@example.com", "").len()), (0, 0));
    };
    let body = json!({"email": "x@example.com"});
    let application = world.bearer(&world.application_token_for(&account, &organization));
    refused(application.post(EMAIL, &body), StatusCode::FORBIDDEN);
    let personal = world.personal(&account, &organization, &["accounts--my:rw"]);
    refused(personal.post(EMAIL, &body), StatusCode::FORBIDDEN);
    refused(world.anonymous().post(EMAIL, &body), StatusCode::UNAUTHORIZED);
    let wrong = json!({"email": "x@example.com", "password": "wrong-password"});
    refused(client.post(EMAIL, &wrong), StatusCode::FORBIDDEN);
    world.clock.advance(Duration::from_mins(10));
    refused(client.post(EMAIL, &body), StatusCode::FORBIDDEN);
    refused(ask_change(&client, "OWNER@example.com"), StatusCode::UNPROCESSABLE_ENTITY);
    refused(client.post(EMAIL, &json!({"email": "x"})), StatusCode::UNPROCESSABLE_ENTITY);
    let me = client.patch("/v2/accounts/me", &json!({"email": "x@example.com", "email_verified": true}));
    assert_eq!((&me.json()["email"], &me.json()["email_verified"]), (&json!(OWNER), &json!(false)), "M9");
}

#[test]
fn the_account_page_sends_both_mails() {
    let world = World::mailing();
    let (_, account, organization) = owner(&world);
    let browser = world.browser_of(&account, &organization);
    let page = browser.get("/account");
    assert!(page.text.contains("not confirmed") && page.text.contains("/account/email/verification"));
    let answer = browser.post("/account/email/verification", &[]);
    assert_eq!(answer.header("location"), "/account?done=verification_sent#profile", "{}", answer.text);
    done(&follow(&world, &link_in(&world.mails()[0]), Purpose::Verify, &[]), Purpose::Verify);
    let page = browser.get("/account");
    assert!(!page.text.contains("not confirmed") && !page.text.contains("/account/email/verification"));
    let again = browser.post("/account/email/verification", &[]);
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    world.clock.advance(Duration::from_mins(11));
    for (email, password, words) in [
        ("", PASSWORD, "Enter your email."),
        ("x", PASSWORD, "Enter an email address such as"),
        ("x@example.com", "", "You signed in more than ten minutes ago."),
        ("x@example.com", "wrong-password", "This is not your current password."),
        (OWNER, PASSWORD, "Your account has this email already."),
    ] {
        let answer = browser.post("/account/email", &[("email", email), ("proof_password", password)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(answer.text.contains(words) && !answer.text.contains(&format!("value=\"{PASSWORD}\"")), "{words}");
    }
    assert_eq!(world.rows("email_change"), 0);
    let answer = browser.post("/account/email", &[("email", "x@example.com"), ("proof_password", PASSWORD)]);
    assert_eq!(answer.header("location"), "/account?done=email_change_sent#profile", "{}", answer.text);
    assert_eq!(world.mails_to("x@example.com", "Confirm your new email").len(), 1);
}

// ---------------------------------------------------------------- notices

#[test]
fn a_sign_in_from_a_browser_that_is_not_known_is_told_of_once() {
    let world = World::mailing();
    owner(&world);
    let browser = world.browser();
    for _ in 0..2 {
        browser.get("/signin");
        assert_eq!(browser.sign_in(OWNER, PASSWORD).status, StatusCode::SEE_OTHER);
    }
    let mails = world.mails_to(OWNER, "Sign-in from a new device");
    assert_eq!(mails.len(), 1);
    assert!(
        mails[0].text.contains("Browser: test/\u{2060}1") && mails[0].text.contains("192.\u{2060}0"),
        "{}",
        mails[0].text
    );
    assert!(signs_in(&world, OWNER, PASSWORD), "another browser");
    assert_eq!(world.mails_to(OWNER, "Sign-in from a new device").len(), 2);
    world.clock.advance(Duration::from_hours(400 * 24));
    browser.get("/signin");
    assert_eq!(browser.sign_in(OWNER, PASSWORD).status, StatusCode::SEE_OTHER);
    assert_eq!(world.mails_to(OWNER, "Sign-in from a new device").len(), 3, "not seen for too long");
    assert!(!signs_in(&world, OWNER, "wrong-password"));
    assert_eq!(world.mails_to(OWNER, "Sign-in from a new device").len(), 3);
}

// ---------------------------------------------------------------- strict profile

/// What a stranger learns of an address, and what that cost.
fn sign_up_quietly(world: &World, email: &str, page: bool) -> (StatusCode, String, String, u64, u32) {
    let hashes = world.isolate_hashes();
    let password = "a-password-of-strict-length";
    let answer = match page {
        true => {
            let browser = world.browser();
            browser.get("/signup");
            browser.post("/signup", &[("email", email), ("password", password), ("name", "X")])
        }
        false => world.anonymous().post("/v2/organizations", &json!({"email": email, "password": password})),
    };
    let location = answer.header("location").to_owned();
    assert!(!answer.headers.contains_key("set-cookie"), "nobody is signed in");
    (answer.status, location, answer.text, world.isolate_hashes() - hashes, answer.calls.database)
}

#[test]
fn e1_e2_in_the_strict_profile_a_sign_up_does_not_tell_whether_the_address_is_known() {
    let world = World::mailing_with(&[("PROFILE", "strict"), ("SIGN_UPS_PER_HOUR", "100")]);
    for page in [true, false] {
        let email = if page { "page@example.com" } else { "api@example.com" };
        let unknown = sign_up_quietly(&world, email, page);
        let known = sign_up_quietly(&world, email, page);
        assert_eq!(unknown, known, "E1: status, address, bytes, hashes, round trips");
        println!("strict sign-up, known and unknown: {} hashes, {} round trips", known.3, known.4);
        assert_eq!((known.3, known.4), (1, 3));
        assert_eq!(world.mails_to(email, "Confirm your email address").len(), 1);
        assert_eq!(world.mails_to(email, "You have an account already").len(), 1);
        assert_eq!(world.rows(&format!("account WHERE email_key = '{email}'")), 1);
        assert!(!signs_in(&world, email, "a-password-of-strict-length"), "E2: the way in does not tell either");
        assert_eq!(world.rows("session WHERE ended_at IS NULL"), i64::from(!page), "no session lives");
        let link = link_in(&world.mails_to(email, "Confirm your email address")[0]);
        done(&follow(&world, &link, Purpose::Verify, &[]), Purpose::Verify);
        assert!(signs_in(&world, email, "a-password-of-strict-length"));
        for _ in 0..9 {
            sign_up_quietly(&world, email, page);
        }
        assert!(world.mails_to(email, "You have an account already").len() <= 5, "E11");
    }
    assert_eq!(sign_up_quietly(&world, "page@example.com", true).1, "/verify?sent=1");
    assert_eq!(world.browser().get("/verify?sent=1").status, StatusCode::OK);
}

/// Else a request that is over would tell known from unknown addresses.
#[test]
fn e2_a_sign_up_form_that_is_over_is_stale_for_known_and_unknown_addresses_alike() {
    let world = World::mailing_with(&[("PROFILE", "strict")]);
    sign_up_quietly(&world, "known@example.com", false);
    for email in ["known@example.com", "unknown@example.com"] {
        let browser = world.browser();
        browser.get("/signup");
        world.database.execute("UPDATE authorization_request SET decided_at = 1");
        let fields = [("email", email), ("password", "a-password-of-strict-length"), ("name", "X")];
        let answer = browser.post("/signup", &fields);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::FORBIDDEN, 2), "{email}");
    }
    assert_eq!((world.rows("account"), world.mails().len()), (1, 1));
}

// ---------------------------------------------------------------- secrets

/// Row L4: nothing that anybody sends or gets in a mail is found anywhere else.
#[test]
fn l4_s2_no_token_password_or_address_is_left_in_log_rows_subjects_or_urls() {
    let world = World::mailing();
    let (client, ..) = owner(&world);
    let canary = "canary-Password-42";
    client.post(VERIFICATION, &json!({"canary": canary}));
    let verify = link_in(&world.mails()[0]);
    let mut urls =
        vec![follow(&world, &verify, Purpose::Verify, &[("password", canary)]).header("location").to_owned()];
    client.post(EMAIL, &json!({"email": "canary@example.com", "password": canary}));
    ask_change(&client, "canary@example.com");
    let confirm = link_in(&world.mails_to("canary@example.com", "Confirm")[0]);
    let reset = reset_link(&world);
    let reader = world.browser();
    reader.get(&reset);
    urls.push(press(&reader, Purpose::Reset, token_in(&reset), &[("password", canary)]).header("location").to_owned());
    urls.push(ask_for_password(&world, "canary@example.com").header("location").to_owned());
    world.mailer.refuse(Some("E_EXAMPLE"));
    ask_for_password(&world, OWNER);
    let mut secrets = vec![canary.to_owned(), PASSWORD.to_owned()];
    for link in [&verify, &confirm, &reset] {
        let token = token_in(link);
        secrets.push(token.to_owned());
        secrets.push(token.trim_start_matches("dal:").to_owned());
        secrets.push(token[10..30].to_owned());
    }
    for secret in &secrets {
        for line in world.lines() {
            assert!(!line.contains(secret.as_str()), "in the log: {line}");
        }
        for (table, _, text) in world.database.dump() {
            assert!(!text.contains(secret.as_str()), "in {table}: {text}");
        }
        assert!(urls.iter().all(|url| !url.contains(secret.as_str())), "{urls:?}");
        assert!(world.mails().iter().all(|mail| !mail.subject.contains(secret.as_str())));
    }
    for line in world.lines() {
        assert!(!line.contains("canary") && !line.contains("@example.com"), "no address either: {line}");
    }
    let stored: String =
        world.database.value("SELECT coalesce(group_concat(parameters || recipient_id), '') FROM outbox");
    assert!(!stored.contains('@') && !stored.contains("token="), "{stored}");
}

// ---------------------------------------------------------------- well-known

#[test]
fn programs_find_the_change_of_a_password_and_where_to_report() {
    let world = World::with(&[
        ("SECURITY_CONTACT", "mailto:security@example.com"),
        ("PUBLIC_URL", "https://accounts.example.com"),
    ]);
    let answer = world.anonymous().get("/.well-known/change-password");
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/account#security"));
    let answer = world.anonymous().get("/.well-known/security.txt");
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "text/plain; charset=utf-8"));
    assert_eq!(
        answer.text,
        "Contact: mailto:security@example.com\nExpires: 2023-12-14T22:13:20.000Z\n\
         Canonical: https://accounts.example.com/.well-known/security.txt\nPreferred-Languages: en, pl\n"
    );
    assert_eq!(World::default().anonymous().get("/.well-known/security.txt").status, StatusCode::NOT_FOUND);
}
