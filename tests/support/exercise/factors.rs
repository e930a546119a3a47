//! Second factors and passkeys.

use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Pass;
use crate::support::authenticator::Authenticator;
use crate::support::authorize::{LIVECHAT, code_request, url};
use crate::support::browser::{Browser, ORIGIN, hidden};
use crate::support::client::World;

/// A second factor comes, is used in every way, and goes.
pub(super) fn second_factor(world: &World, pass: &mut Pass) {
    const MFA: &str = "/v2/accounts/me/mfa";
    const TOTP: &str = "/v2/accounts/me/mfa/totp";
    const CONFIRM: &str = "/v2/accounts/me/mfa/totp/confirm";
    const CODES: &str = "/v2/accounts/me/mfa/recovery_codes";
    const STEP: &str = "/second-step";
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let sign_up = json!({"email": "careful@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let careful = world.bearer(&text(&created["access_token"]));
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    pass.get(&careful, MFA, MFA);
    pass.send(&careful, Method::POST, TOTP, TOTP, &json!({"password": "BG0SaleEBL"}));
    let enrolment = pass.send(&careful, Method::POST, TOTP, TOTP, &json!({})).json();
    let phone = world.authenticator(&text(&enrolment["secret"]));
    pass.send(&careful, Method::POST, CONFIRM, CONFIRM, &json!({"code": phone.code()}));
    let codes = pass.send(&careful, Method::POST, CODES, CODES, &Value::Null).json();
    let code = |at: usize| text(&codes["recovery_codes"][at]);
    pass.send(&careful, Method::POST, CODES, CODES, &json!({"code": code(0)}));
    let later = || world.clock.advance(std::time::Duration::from_secs(60));
    later();
    let codes = pass.send(&careful, Method::POST, CODES, CODES, &json!({"code": phone.code()})).json();
    let code = |at: usize| text(&codes["recovery_codes"][at]);

    let browser = world.browser();
    pass.lead(&browser, "/signin", "/signin", &[]);
    let person = [("email", "careful@example.com"), ("password", "BG0SaleEBL")];
    pass.send_form(&browser, "/signin", &person);
    let step = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&browser, STEP, STEP, &[]);
    pass.lead(&browser, &step, STEP, &[]);
    later();
    let answer = browser.second_step("code", &phone.code());
    pass.answers.push((Method::POST, STEP, answer));
    pass.lead(&browser, "/signin", "/signin", &[]);
    pass.send_form(&browser, "/signin", &person);
    let step = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&browser, &step, STEP, &[]);
    let answer = browser.second_step("recovery_code", &code(0));
    pass.answers.push((Method::POST, STEP, answer));

    later();
    pass.send(&careful, Method::DELETE, TOTP, TOTP, &json!({"code": phone.code()}));
    let browser = world.browser_of(&account, &organization);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/second-factor/totp", &[("mfa_password", "")]);
    pass.send_form(&browser, "/account/second-factor/totp", &[("mfa_password", "BG0SaleEBL")]);
    let key = browser.page();
    let (_, key) = key.split_once("<p class=\"key\"><code>").expect("a key");
    let phone = world.authenticator(&key.split('<').next().expect("a key").replace(' ', ""));
    pass.send_form(&browser, "/account/second-factor/totp/confirm", &[("code", &phone.code())]);
    later();
    pass.send_form(&browser, "/account/second-factor/recovery_codes", &[("renew_code", &phone.code())]);
    later();
    pass.send_form(&browser, "/account/second-factor/totp/delete", &[("disable_code", &phone.code())]);
    let careful = world.bearer(&world.full_token_for(&account, &organization));
    let enrolment = pass.send(&careful, Method::POST, TOTP, TOTP, &json!({"password": "BG0SaleEBL"})).json();
    let phone = world.authenticator(&text(&enrolment["secret"]));
    later();
    pass.send(&careful, Method::POST, CONFIRM, CONFIRM, &json!({"code": phone.code()}));
    pass.send(&careful, Method::DELETE, TOTP, TOTP, &json!({}));

    const DEMAND: &str = "/v2/organizations/{organization_id}/two_factor";
    pass.send(&careful, Method::PUT, "/v2/organizations/my/two_factor", DEMAND, &json!({"required_at": null}));
    world
        .database
        .execute(&format!("UPDATE organization SET mfa_required_at = 1 WHERE organization_id = '{organization}'"));
    let browser = world.browser_of(&account, &organization);
    pass.lead(&browser, &url("/", &code_request(LIVECHAT)), "/", &[]);
    let request = hidden(&browser.page(), "request").expect("a request");
    pass.send_form(&browser, "/set-up", &[("request", &request), ("mfa_password", "BG0SaleEBL")]);
    let key = browser.page();
    let (_, key) = key.split_once("<p class=\"key\"><code>").expect("a key");
    let phone = world.authenticator(&key.split('<').next().expect("a key").replace(' ', ""));
    later();
    pass.send_form(&browser, "/set-up/confirm", &[("request", &request), ("code", &phone.code())]);
    let careful = world.bearer(&world.full_token_for(&account, &organization));
    pass.send(
        &careful,
        Method::PUT,
        "/v2/organizations/my/two_factor",
        DEMAND,
        &json!({"required_at": "2100-01-01T00:00:00Z"}),
    );
}

/// Passkeys that are made, used, renamed and removed, by calls and by forms.
pub(super) fn passkeys(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/accounts/me/passkeys";
    const OPTIONS: &str = "/v2/accounts/me/passkeys/options";
    const ONE: &str = "/v2/accounts/me/passkeys/{passkey_id}";
    let sign_up = json!({"email": "keys@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let owner = world.bearer(&text(&created["access_token"]));
    let made = |pass: &mut Pass, seed: u8, proof: Value| -> (Value, Authenticator) {
        let options = pass.send(&owner, Method::POST, OPTIONS, OPTIONS, &proof).json();
        let mut authenticator = Authenticator::new(seed);
        let new = json!({"name": "Phone", "credential": authenticator.create(&options)});
        (pass.send(&owner, Method::POST, ALL, ALL, &new).json(), authenticator)
    };
    let (first, mut key) = made(pass, 201, json!({"password": "BG0SaleEBL"}));
    let code = |at: usize| json!({"code": first["recovery_codes"][at]});
    let (second, _) = made(pass, 202, Value::Null);
    let (third, _) = made(pass, 203, code(0));
    let [second, third] = [second, third].map(|made| format!("{ALL}/{}", made["passkey_id"].as_str().expect("an id")));
    pass.get(&owner, ALL, ALL);
    pass.send(&owner, Method::PATCH, &second, ONE, &json!({"name": "Old phone"}));
    pass.delete(&owner, &second, ONE);
    pass.send(&owner, Method::DELETE, &third, ONE, &code(1));

    let ask = |pass: &mut Pass, browser: &Browser, path: &'static str| -> Value {
        let answer = browser.copy().post(path, &[]);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let options = answer.json();
        pass.answers.push((Method::POST, path, answer));
        options
    };
    let browser = world.browser();
    pass.visit(&browser, "/");
    let earlier = browser.copy();
    for page in [browser.page(), earlier.page()] {
        let options = ask(pass, &earlier, "/signin/passkey/options");
        let (form, credential) = (hidden(&page, "form").expect("a form"), key.get(&options).to_string());
        let fields = [("form", form.as_str()), ("credential", credential.as_str())];
        let answer = browser.post_as("/signin/passkey", Some(ORIGIN), &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        pass.answers.push((Method::POST, "/signin/passkey", answer));
    }
    pass.visit(&browser, "/account");
    let options = ask(pass, &browser, "/account/step-up/options");
    pass.send_form(&browser, "/account/step-up", &[("credential", &key.get(&options).to_string())]);
    pass.visit(&browser, "/account");
    let options = ask(pass, &browser, "/account/passkeys/options");
    let credential = Authenticator::new(204).create(&options).to_string();
    pass.send_form(&browser, "/account/passkeys", &[("passkey_name", "Laptop"), ("credential", &credential)]);
    let last = world.database.value("SELECT passkey_id FROM passkey WHERE name = 'Laptop'");
    let last: String = last;
    pass.visit(&browser, "/account");
    let named = [("passkey_id", last.as_str()), ("passkey_name", "Old laptop")];
    pass.send_form(&browser, "/account/passkeys/rename", &named);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/passkeys/delete", &named[..1]);

    let half = world.browser();
    pass.visit(&half, "/");
    pass.send_form(&half, "/signin", &[("email", "keys@example.com"), ("password", "BG0SaleEBL")]);
    let step = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&half, &step, "/second-step", &[]);
    let options = ask(pass, &half, "/second-step/passkey/options");
    let (request, credential) = (hidden(&half.page(), "request").expect("the way on"), key.get(&options).to_string());
    pass.send_form(&half, "/second-step/passkey", &[("request", &request), ("credential", &credential)]);
}
