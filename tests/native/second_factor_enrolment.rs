//! A second factor comes and goes: by the API and on the account page (rows E5, L1, M2, M3, M4, R9, S4).

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::authorize::PASSWORD;
use crate::support::cast::Cast;
use crate::support::client::{Answer, Client, World};
use crate::support::second_factor::Authenticator;

const MFA: &str = "/v2/accounts/me/mfa";
const TOTP: &str = "/v2/accounts/me/mfa/totp";
const CONFIRM: &str = "/v2/accounts/me/mfa/totp/confirm";
const CODES: &str = "/v2/accounts/me/mfa/recovery_codes";

fn delete(client: &Client, body: &Value) -> Answer {
    client.send(Method::DELETE, TOTP, body.to_string().into())
}

fn begin(client: &Client) -> Authenticator {
    let answer = client.post(TOTP, &json!({"password": PASSWORD}));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    client.world.authenticator(answer.json()["secret"].as_str().expect("a secret"))
}

fn codes(answer: &Answer) -> Vec<String> {
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.text);
    serde_json::from_value(answer.json()["recovery_codes"].clone()).expect("codes")
}

fn enrolled(client: &Client) -> (Authenticator, Vec<String>) {
    let phone = begin(client);
    let codes = codes(&client.post(CONFIRM, &json!({"code": phone.code()})));
    client.world.clock.advance(Duration::from_secs(60));
    (phone, codes)
}

fn refused(answer: &Answer, status: StatusCode, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains(words), "{words}: {}", answer.text);
}

/// A password is worth one factor, not two (row M4).
#[test]
fn m4_where_a_passkey_is_the_second_factor_an_application_takes_a_code_of_it() {
    let world = World::default();
    let (client, created) = world.sign_up("ann@example.com");
    let account = created["account_id"].as_str().expect("an id");
    world.database.execute(&format!(
        "INSERT INTO passkey (passkey_id, account_id, credential_id, public_key, algorithm, name, created_at)
         VALUES ('00000000-0000-7000-8000-000000000a02', '{account}', 'c', 'k', -7, 'key', 1)"
    ));
    let code = world.recovery_code(account, 1);
    refused(&client.post(TOTP, &json!({"password": PASSWORD})), StatusCode::FORBIDDEN, "this needs a code of it");
    assert_eq!(world.rows("totp"), 0);
    let browser = world.browser_of(account, created["organization"]["organization_id"].as_str().expect("an id"));
    world.clock.advance(Duration::from_mins(11));
    assert!(browser.get("/account").text.contains("name=\"mfa_code\""));
    let answer = browser.post("/account/second-factor/totp", &[("mfa_password", PASSWORD)]);
    assert_eq!((answer.status, world.rows("totp")), (StatusCode::UNPROCESSABLE_ENTITY, 0));
    assert!(answer.text.contains("mfa_code-problem") && answer.text.contains("<details class=\"make\" open>"));
    // A problem is told at a field that is there: this form asks for no password.
    let answer = browser.post("/account/second-factor/totp", &[("mfa_code", "")]);
    assert!(answer.text.contains("href=\"#mfa_code\"") && !answer.text.contains("#mfa_password"), "{}", answer.text);
    let answer = browser.post("/account/passkeys/options", &[("passkey_code", "")]);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("a code of your second factor"), "{}", answer.text);
    browser.get("/account");
    let answer = browser.post("/account/second-factor/totp", &[("mfa_code", &code)]);
    assert_eq!((answer.status, world.rows("totp")), (StatusCode::OK, 1), "{}", answer.text);
}

#[test]
fn m4_an_enrolment_that_was_begun_can_be_finished_for_an_hour() {
    let world = World::default();
    let (client, _) = world.sign_up("ann@example.com");
    let phone = begin(&client);
    world.clock.advance(Duration::from_hours(1));
    assert_eq!(client.post(CONFIRM, &json!({"code": phone.code()})).status, StatusCode::NOT_FOUND);
    assert_eq!(world.rows("totp WHERE confirmed_at IS NOT NULL"), 0);
    let phone = begin(&client);
    world.clock.advance(Duration::from_mins(59));
    assert_eq!(client.post(CONFIRM, &json!({"code": phone.code()})).status, StatusCode::OK);
}

#[test]
fn m2_m3_enrolment_shows_each_secret_once_and_stores_none() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    let none = owner.get(MFA).json();
    assert_eq!(none, json!({"enabled": false, "totp": null, "passkeys": 0, "recovery_codes": 0, "required_at": null}));
    let answer = owner.post(TOTP, &json!({}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    let (secret, uri) = (answer.json()["secret"].clone(), answer.json()["uri"].clone());
    let (secret, uri) = (secret.as_str().expect("a text"), uri.as_str().expect("a text"));
    assert_eq!(secret.len(), 32, "160 bits");
    assert!(uri.starts_with("otpauth://totp/") && uri.contains("owner%40example%2Ecom"), "{uri}");
    assert!(uri.contains(&format!("secret={secret}&")), "{uri}");
    assert!(answer.json()["qr"].as_str().expect("a text").starts_with("<svg "));
    let phone = cast.world.authenticator(secret);
    assert_eq!(owner.get(MFA).json(), none, "no factor yet");
    assert_eq!(cast.world.database.value::<i64>("SELECT max(mfa) FROM account"), 0);

    refused(&owner.post(CONFIRM, &json!({"code": "12345"})), StatusCode::UNPROCESSABLE_ENTITY, "must be six digits");
    refused(&owner.post(CONFIRM, &json!({})), StatusCode::UNPROCESSABLE_ENTITY, "is required");
    let wrong = owner.post(CONFIRM, &json!({"code": phone.wrong()}));
    refused(&wrong, StatusCode::UNPROCESSABLE_ENTITY, "is not the code");
    assert_eq!(owner.get(MFA).json(), none);
    let confirmed = owner.post(CONFIRM, &json!({"code": phone.code()}));
    assert_eq!(confirmed.calls.database, 2);
    let codes = codes(&confirmed);
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10, "{codes:?}");
    let state = owner.get(MFA).json();
    assert_eq!((&state["enabled"], &state["recovery_codes"]), (&json!(true), &json!(10)));
    assert!(state["totp"]["confirmed_at"].is_string());
    assert_eq!(cast.audited("second_factor.enable"), 1, "L1");
    assert_eq!(cast.world.rows("outbox WHERE template = 'second_factor_enabled'"), 1);
    let mfa = |email: &str| cast.administrator.client.get(&format!("/v2/accounts?email={email}")).json()[0].clone();
    assert_eq!(mfa("owner@example.com")["properties"]["mfa"], true, "visible to administrators");
    assert_eq!(mfa("member.of.owner@example.com")["properties"]["mfa"], false);

    // Neither the secret nor a code is stored or logged, in whatever form a dump has.
    let bytes: String = phone.secret.iter().map(|byte| format!("{byte:02X}")).collect();
    let stored = cast.world.database.dump().into_iter().map(|(.., text)| text).chain(cast.world.lines());
    for text in stored {
        assert!(!text.contains(secret) && !text.contains(&bytes), "{text}");
        assert!(!codes.iter().any(|code| text.contains(code) || text.contains(&code.replace('-', ""))), "{text}");
    }
    refused(&owner.post(TOTP, &json!({"password": PASSWORD})), StatusCode::CONFLICT, "already");
    cast.world.clock.advance(Duration::from_secs(60));
    refused(&owner.post(CONFIRM, &json!({"code": phone.code()})), StatusCode::CONFLICT, "already");
    assert_eq!(cast.world.rows("totp"), 1);
}

#[test]
fn m4_a_factor_is_added_only_by_who_proves_to_be_there() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    cast.world.clock.advance(Duration::from_mins(10));
    refused(&owner.post(TOTP, &json!({})), StatusCode::FORBIDDEN, "This needs your password");
    refused(&owner.post(TOTP, &json!({"password": "wrong-password"})), StatusCode::FORBIDDEN, "The password is not");
    refused(&owner.post(TOTP, &json!({"code": "123456"})), StatusCode::FORBIDDEN, "The code is none");
    assert_eq!(cast.world.rows("totp"), 0);
    let right = owner.post(TOTP, &json!({"password": PASSWORD}));
    assert_eq!((right.status, right.calls.database), (StatusCode::OK, 2), "{}", right.text);
    assert_eq!(cast.world.rows("totp WHERE confirmed_at IS NULL"), 1);
    // The first secret is forgotten when a second is asked for.
    let first = cast.world.authenticator(right.json()["secret"].as_str().expect("a secret"));
    let second = begin(owner);
    let old = owner.post(CONFIRM, &json!({"code": first.code()}));
    refused(&old, StatusCode::UNPROCESSABLE_ENTITY, "is not the code");
    assert_eq!(owner.post(CONFIRM, &json!({"code": second.code()})).status, StatusCode::OK);
    let personal = cast.world.personal(&cast.owner.id, &cast.organization, &["accounts--my:rw"]);
    for answer in [personal.get(MFA), personal.post(TOTP, &json!({})), personal.post(CODES, &json!({}))] {
        refused(&answer, StatusCode::FORBIDDEN, "personal token");
    }
    let application = cast.world.bearer(&cast.world.application_token_for(&cast.owner.id, &cast.organization));
    refused(&application.get(MFA), StatusCode::FORBIDDEN, "");
}

#[test]
fn e5_guesses_at_an_enrolment_and_at_proofs_are_counted_together() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    let phone = begin(owner);
    for _ in 0..5 {
        assert_eq!(owner.post(CONFIRM, &json!({"code": phone.wrong()})).status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let answer = owner.post(CONFIRM, &json!({"code": phone.code()}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1), "{}", answer.text);
    assert_eq!(delete(owner, &json!({"code": phone.code()})).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(cast.world.rows("totp WHERE confirmed_at IS NOT NULL"), 0);
    cast.world.clock.advance(Duration::from_mins(1));
    assert_eq!(owner.post(CONFIRM, &json!({"code": phone.wrong()})).status, StatusCode::UNPROCESSABLE_ENTITY);
    cast.world.clock.advance(Duration::from_mins(1));
    let early = owner.post(CONFIRM, &json!({"code": phone.code()}));
    assert_eq!(
        (early.status, early.header("retry-after")),
        (StatusCode::TOO_MANY_REQUESTS, "60"),
        "E3 the second wait"
    );
    assert_eq!(cast.world.rows("outbox WHERE template = 'second_factor_guessed'"), 1);
    cast.world.clock.advance(Duration::from_mins(1));
    assert_eq!(owner.post(CONFIRM, &json!({"code": phone.code()})).status, StatusCode::OK);
}

#[test]
fn r9_an_enrolment_is_confirmed_once_and_only_the_secret_that_was_checked() {
    for change in ["UPDATE totp SET confirmed_at = 1", "UPDATE totp SET sealed_secret = 'another'", "DELETE FROM totp"]
    {
        let cast = Cast::of(World::default(), "owner@example.com");
        let phone = begin(&cast.owner.client);
        cast.world.database.meanwhile(1, change);
        let answer = cast.owner.client.post(CONFIRM, &json!({"code": phone.code()}));
        refused(&answer, StatusCode::CONFLICT, "already");
        assert_eq!((cast.world.rows("recovery_code"), cast.audited("second_factor.enable")), (0, 0), "{change}");
    }
    let cast = Cast::of(World::default(), "owner@example.com");
    refused(&cast.owner.client.post(CONFIRM, &json!({"code": "123456"})), StatusCode::NOT_FOUND, "totp");
}

#[test]
fn s4_turning_the_second_factor_on_or_off_ends_every_other_session() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    let elsewhere = cast.world.bearer(&cast.world.full_token_for(&cast.owner.id, &cast.organization));
    let browser = cast.world.browser_of(&cast.owner.id, &cast.organization);
    assert_eq!(elsewhere.get("/v2/accounts/me").status, StatusCode::OK);
    let (phone, _) = enrolled(owner);
    assert_eq!(elsewhere.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(browser.get("/account").status, StatusCode::SEE_OTHER);
    assert_eq!(owner.get("/v2/accounts/me").status, StatusCode::OK, "the caller's own lives");
    let again = cast.world.bearer(&cast.world.full_token_for(&cast.owner.id, &cast.organization));
    assert_eq!(again.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(delete(owner, &json!({"code": phone.code()})).status, StatusCode::OK);
    assert_eq!(again.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(owner.get("/v2/accounts/me").status, StatusCode::OK);
    assert_eq!(cast.administrator.client.get("/v2/accounts/me").status, StatusCode::OK, "nobody else notices");
}

#[test]
fn m4_a_password_alone_does_not_turn_it_off_nor_make_new_codes() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    let (phone, recovery) = enrolled(owner);
    let before = cast.world.database.value::<String>("SELECT group_concat(code_digest) FROM recovery_code");
    cast.world.clock.advance(Duration::from_mins(10));
    for (body, status, words) in [
        (json!({}), StatusCode::FORBIDDEN, "This needs"),
        (json!({"password": PASSWORD}), StatusCode::UNPROCESSABLE_ENTITY, "is not enough here"),
        (json!({"code": phone.wrong()}), StatusCode::FORBIDDEN, "The code is none"),
        (json!({"code": "AAAAA-AAAAA"}), StatusCode::FORBIDDEN, "The code is none"),
        (json!({"code": "no code"}), StatusCode::FORBIDDEN, "The code is none"),
    ] {
        cast.world.database.execute("DELETE FROM throttle");
        refused(&delete(owner, &body), status, words);
        refused(&owner.post(CODES, &body), status, words);
    }
    assert_eq!(cast.world.database.value::<String>("SELECT group_concat(code_digest) FROM recovery_code"), before);
    assert_eq!(cast.world.rows("totp WHERE confirmed_at IS NOT NULL"), 1);
    // A password change leaves the session, and it is no fresher for that.
    let browser = cast.world.browser_of(&cast.owner.id, &cast.organization);
    cast.world.clock.advance(Duration::from_mins(10));
    browser.get("/account");
    let changed = browser.post("/account/password", &[("current_password", PASSWORD), ("password", "another-one-7")]);
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
    let fresh: i64 = cast.world.database.value(
        "SELECT count(*) FROM session WHERE cookie_digest IS NOT NULL AND ended_at IS NULL AND authenticated_at > seen_at - 600000",
    );
    assert_eq!(fresh, 0);
    assert_eq!(recovery.len(), 10);
}

#[test]
fn m3_new_codes_kill_the_old_ones_and_a_code_proves_it_once() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    let (phone, old) = enrolled(owner);
    cast.world.clock.advance(Duration::from_mins(10));
    let code = phone.code();
    let renewed = owner.post(CODES, &json!({"code": code}));
    assert_eq!(renewed.calls.database, 2);
    let new = codes(&renewed);
    assert!(new.iter().all(|code| !old.contains(code)));
    refused(&owner.post(CODES, &json!({"code": code})), StatusCode::FORBIDDEN, "it was used");
    refused(&owner.post(CODES, &json!({"code": old[0]})), StatusCode::FORBIDDEN, "The code is none");
    assert_eq!(cast.world.rows("outbox WHERE template = 'recovery_codes_replaced'"), 1);
    // A recovery code proves it too, once, and is told of.
    let answer = delete(owner, &json!({"code": new[3]}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!((cast.world.rows("totp"), cast.world.rows("recovery_code")), (0, 0));
    for template in ["recovery_code_used", "second_factor_disabled"] {
        assert_eq!(cast.world.rows(&format!("outbox WHERE template = '{template}'")), 1, "{template}");
    }
    assert_eq!(cast.audited("second_factor.disable"), 1);
    refused(&delete(owner, &json!({"code": new[4]})), StatusCode::FORBIDDEN, "The code is none");
    refused(&owner.post(CODES, &json!({"code": new[4]})), StatusCode::CONFLICT, "no second factor");
    assert_eq!(owner.get(MFA).json()["enabled"], false);
    let browser = cast.world.browser();
    browser.get("/signin");
    let answer = browser.sign_in("owner@example.com", PASSWORD);
    assert_eq!(crate::support::authorize::title(&browser.follow(&answer)), "Your products", "the password is enough");
}

/// The proof is used up between the two round trips.
#[test]
fn r9_a_proof_is_used_once() {
    for (kind, change) in
        [("code", "UPDATE totp SET last_step = last_step + 1000"), ("recovery", "UPDATE recovery_code SET used_at = 1")]
    {
        let cast = Cast::of(World::default(), "owner@example.com");
        let (phone, recovery) = enrolled(&cast.owner.client);
        let code = if kind == "code" { phone.code() } else { recovery[0].clone() };
        cast.world.database.meanwhile(1, change);
        refused(&delete(&cast.owner.client, &json!({"code": code})), StatusCode::FORBIDDEN, "it was used");
        assert_eq!(cast.world.rows("totp WHERE confirmed_at IS NOT NULL"), 1, "{kind}");
        assert_eq!(cast.world.rows("outbox WHERE template = 'recovery_code_used'"), 0, "{kind}");
    }
}

#[test]
fn m4_a_code_proves_it_wherever_a_password_does() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let owner = &cast.owner.client;
    let (phone, _) = enrolled(owner);
    cast.world.clock.advance(Duration::from_mins(10));
    let heir = |code: &str| json!({"account_id": cast.administrator.id, "code": code});
    let path = "/v2/organizations/my/ownership";
    refused(&owner.post(path, &heir(&phone.wrong())), StatusCode::FORBIDDEN, "The code is none");
    assert_eq!(cast.audited("organization.transfer_ownership"), 0);
    let email = |code: &str| json!({"email": "new@example.com", "code": code});
    assert_eq!(owner.post("/v2/accounts/me/email", &email(&phone.code())).status, StatusCode::OK);
    refused(&owner.post(path, &heir(&phone.code())), StatusCode::FORBIDDEN, "it was used");
    cast.world.clock.advance(Duration::from_secs(30));
    let answer = owner.post(path, &heir(&phone.code()));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert_eq!(cast.audited("organization.transfer_ownership"), 1);
}

/// The first proof of an address removes them, so who has not given it yet is warned.
#[test]
fn the_account_page_warns_of_factors_before_the_address_is_proven() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let browser = cast.world.browser_of(&cast.owner.id, &cast.organization);
    let warnings = |verified: u8| {
        cast.world.database.execute(&format!("UPDATE account SET email_verified = {verified}"));
        browser.get("/account").text.matches("Confirm your email address first").count()
    };
    assert_eq!([warnings(0), warnings(1)], [2, 0], "of applications and of passkeys");
}

#[test]
fn the_account_page_enrols_shows_the_codes_once_and_turns_it_off() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let browser = cast.world.browser_of(&cast.owner.id, &cast.organization);
    assert!(browser.get("/account").text.contains("Set up an authenticator app"));
    cast.world.clock.advance(Duration::from_mins(10));
    for written in ["", "wrong-password"] {
        let answer = browser.post("/account/second-factor/totp", &[("mfa_password", written)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{written}");
    }
    assert_eq!(cast.world.rows("totp"), 0);
    let answer = browser.post("/account/second-factor/totp", &[("mfa_password", PASSWORD)]);
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.text);
    assert!(answer.text.contains("<svg ") && answer.header("content-security-policy").contains("default-src 'none'"));
    let (_, key) = answer.text.split_once("<p class=\"key\"><code>").expect("a key");
    let phone = cast.world.authenticator(&key.split('<').next().expect("a key").replace(' ', ""));
    let wrong = browser.post("/account/second-factor/totp/confirm", &[("code", &phone.wrong())]);
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!wrong.text.contains("<svg ") && !wrong.text.contains("class=\"key\""), "M2 the secret is shown once");
    let answer = browser.post("/account/second-factor/totp/confirm", &[("code", &phone.code())]);
    assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::OK, "no-store"), "{}", answer.text);
    let shown = |text: &str| text.matches("<li><code>").count();
    assert_eq!(shown(&answer.text), 10);
    assert_eq!(shown(&browser.get("/account").text), 0, "M3 once");
    cast.world.clock.advance(Duration::from_secs(60));
    let answer = browser.post("/account/second-factor/recovery_codes", &[("renew_code", &phone.code())]);
    assert_eq!(shown(&answer.text), 10);
    cast.world.clock.advance(Duration::from_secs(60));
    let answer = browser.post("/account/second-factor/totp/delete", &[("disable_code", &phone.wrong())]);
    assert_eq!((answer.status, cast.world.rows("totp")), (StatusCode::UNPROCESSABLE_ENTITY, 1));
    let answer = browser.post("/account/second-factor/totp/delete", &[("disable_code", &phone.code())]);
    assert_eq!((answer.status, cast.world.rows("totp")), (StatusCode::SEE_OTHER, 0));
    assert!(browser.follow_to_account(&answer).contains("The authenticator app is turned off."));
}

#[test]
fn a17_a_form_of_another_session_changes_nothing() {
    let cast = Cast::of(World::default(), "owner@example.com");
    let phone = cast.world.enrol(&cast.owner.id);
    let browser = cast.world.browser_of(&cast.owner.id, &cast.organization);
    let other = cast.world.browser_of(&cast.owner.id, &cast.organization);
    browser.get("/account");
    other.get("/account");
    let before = cast.world.database.dump();
    for (path, field) in [
        ("/account/second-factor/totp", "mfa_password"),
        ("/account/second-factor/totp/confirm", "code"),
        ("/account/second-factor/totp/delete", "disable_code"),
        ("/account/second-factor/recovery_codes", "renew_code"),
        ("/set-up", "mfa_password"),
        ("/set-up/confirm", "code"),
    ] {
        let code = phone.code();
        let value = if field == "mfa_password" { PASSWORD } else { &code };
        let fields = [("form", other.form()), (field, value.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.copy().post_as(path, Some(crate::support::browser::ORIGIN), &fields);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {}", answer.text);
        let fields = [("form", browser.form()), (field, value.to_owned())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = browser.copy().post_as(path, Some("https://evil.example"), &fields);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {}", answer.text);
    }
    assert!(cast.world.database.dump() == before);
}

impl crate::support::browser::Browser {
    fn follow_to_account(&self, answer: &Answer) -> String {
        self.get(answer.header("location").split('#').next().expect("an address")).text
    }
}
