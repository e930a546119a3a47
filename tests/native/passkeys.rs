//! Passkeys through the router: made, named, removed, and signed in with (rows M1, M4, M5, E1, E3, E4).

use std::time::Duration;

use global_accounts::domain::id::AccountId;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::authenticator::{Authenticator, encoded};
use crate::support::authorize::{LIVECHAT, Stage, code_request, url};
use crate::support::browser::{Browser, ORIGIN, SESSION, hidden};
use crate::support::client::{Answer, Client, World};

const PASSWORD: &str = "BG0SaleEBL";
const ALL: &str = "/v2/accounts/me/passkeys";
const OPTIONS: &str = "/v2/accounts/me/passkeys/options";

fn options(client: &Client) -> Value {
    let answer = client.post(OPTIONS, &json!({}));
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

fn make(client: &Client, name: &str, authenticator: &mut Authenticator) -> Answer {
    let credential = authenticator.create(&options(client));
    client.post(ALL, &json!({"name": name, "credential": credential}))
}

/// A person with a passkey, which was made by the API.
fn with_passkey(world: &World, email: &str, seed: u8) -> (Client, Value, Authenticator) {
    let (client, created) = world.sign_up(email);
    let mut authenticator = Authenticator::new(seed);
    let made = make(&client, "Phone", &mut authenticator);
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    (client, created, authenticator)
}

/// The sign-in form, and the options that its script gets.
fn asked(browser: &Browser) -> Value {
    browser.get("/");
    let answer = browser.copy().post("/signin/passkey/options", &[]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    answer.json()
}

fn answer(browser: &Browser, credential: &Value) -> Answer {
    browser.post("/signin/passkey", &[("credential", &credential.to_string())])
}

fn signed_in(answer: &Answer) -> bool {
    let cookies = answer.headers.get_all("set-cookie").iter();
    let begun = cookies.filter(|cookie| cookie.to_str().expect("ASCII").starts_with(SESSION)).count() == 1;
    assert_eq!(begun, answer.status == StatusCode::SEE_OTHER, "{}: {}", answer.status, answer.text);
    begun
}

fn sessions(world: &World) -> i64 {
    world.count("session WHERE cookie_digest IS NOT NULL AND ended_at IS NULL AND mfa_pending = 0")
}

#[test]
fn a_passkey_is_made_listed_renamed_and_removed_by_its_owner() {
    let world = World::mailing();
    let (client, created) = world.sign_up("ann@example.com");
    let mut authenticator = Authenticator::new(1);
    let options = client.post(OPTIONS, &json!({"password": PASSWORD}));
    assert_eq!((options.status, options.calls.database), (StatusCode::OK, 2), "{}", options.text);
    assert_eq!(options.header("cache-control"), "no-store");
    let account: AccountId = created["account_id"].as_str().expect("an id").parse().expect("an id");
    let options = options.json();
    assert_eq!(options["user"]["id"], encoded(&account.bytes()));
    assert_eq!(options["rp"]["id"], "localhost", "E7: of the configured address");
    assert_eq!(options["attestation"], "none");
    assert_eq!(options["authenticatorSelection"]["userVerification"], "required");

    let made = client.post(ALL, &json!({"name": " Phone ", "credential": authenticator.create(&options)}));
    assert_eq!((made.status, made.calls.database), (StatusCode::CREATED, 2), "{}", made.text);
    assert_eq!(made.header("cache-control"), "no-store");
    let mut made = made.json();
    let codes = made.as_object_mut().expect("an object").remove("recovery_codes").expect("codes");
    assert_eq!(codes.as_array().expect("codes").len(), 10, "M3: the first second factor brings them");
    assert_eq!(world.rows("recovery_code"), 10);
    assert_eq!((&made["name"], &made["used_at"], &made["backed_up"]), (&json!("Phone"), &Value::Null, &json!(false)));
    assert_eq!(made["transports"], json!(["hybrid", "internal"]));
    assert!(made.get("public_key").is_none() && made.get("credential_id").is_none());
    assert_eq!(world.mails_to("ann@example.com", "A passkey was added").len(), 1, "M4");
    assert_eq!(world.count("account WHERE mfa = 1"), 1);

    let one = format!("{ALL}/{}", made["passkey_id"].as_str().expect("an id"));
    let renamed = client.patch(&one, &json!({"name": "Old phone"}));
    assert_eq!((renamed.status, &renamed.json()["name"]), (StatusCode::OK, &json!("Old phone")));
    assert_eq!(client.get(ALL).json(), json!([renamed.json()]));
    let again = client.post(OPTIONS, &json!({})).json();
    assert_eq!(again["excludeCredentials"][0]["id"], encoded(&authenticator.id));

    let removed = client.send(http::Method::DELETE, &one, "{}".into());
    assert_eq!((removed.status, removed.calls.database, removed.text.as_str()), (StatusCode::OK, 1, "{}"));
    assert_eq!(world.rows("recovery_code"), 0, "of no use any more");
    assert_eq!(client.get(ALL).json(), json!([]));
    assert_eq!(world.mails_to("ann@example.com", "A passkey was removed").len(), 1, "M4");
    assert_eq!(world.count("account WHERE mfa = 1"), 0);
    for action in ["passkey.create", "passkey.update", "passkey.delete"] {
        let of = format!(
            "audit_log JOIN audit_detail USING (audit_id) WHERE action = '{action}' AND target_kind = 'passkey'"
        );
        assert_eq!(world.count(&of), 1, "{action}");
    }
    assert_eq!(client.send(http::Method::DELETE, &one, "{}".into()).status, StatusCode::NOT_FOUND);
}

#[test]
fn m4_a_passkey_is_made_and_removed_only_by_who_has_just_proved_to_be_the_person() {
    let world = World::default();
    let (client, _) = world.sign_up("ann@example.com");
    let late = || world.clock.advance(Duration::from_mins(11));
    let asks = |body: Value| client.post(OPTIONS, &body);
    late();
    for body in [json!({}), json!({"password": "not-the-password"}), json!({"code": "123456"})] {
        assert_eq!(asks(body.clone()).status, StatusCode::FORBIDDEN, "{body}");
    }
    assert_eq!(world.rows("webauthn_challenge"), 0);
    let options = asks(json!({"password": PASSWORD}));
    assert_eq!((options.status, options.calls.database), (StatusCode::OK, 2), "{}", options.text);
    let credential = Authenticator::new(1).create(&options.json());
    let made = client.post(ALL, &json!({"name": "Phone", "credential": credential})).json();
    let one = format!("{ALL}/{}", made["passkey_id"].as_str().expect("an id"));
    let removes = |body: Value| client.send(http::Method::DELETE, &one, body.to_string().into());

    late();
    for body in [json!({}), json!({"password": PASSWORD}), json!({"code": "AAAA-AAAA-AAAA"}), json!({"code": ""})] {
        assert_eq!(asks(body.clone()).status, StatusCode::FORBIDDEN, "a password is not enough any more: {body}");
    }
    assert_eq!(world.rows("webauthn_challenge"), 0);
    assert_eq!(asks(json!({"code": made["recovery_codes"][0]})).status, StatusCode::OK);
    assert_eq!(asks(json!({"code": made["recovery_codes"][0]})).status, StatusCode::FORBIDDEN, "M3: once");
    for (body, status) in [
        (json!({}), StatusCode::FORBIDDEN),
        (json!({"password": PASSWORD}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"code": "123456"}), StatusCode::FORBIDDEN),
        (json!({"code": made["recovery_codes"][0]}), StatusCode::FORBIDDEN),
    ] {
        assert_eq!((removes(body.clone()).status, world.rows("passkey")), (status, 1), "{body}");
    }
    let removed = removes(json!({"code": made["recovery_codes"][1]}));
    assert_eq!((removed.status, world.rows("passkey")), (StatusCode::OK, 0), "{}", removed.text);
}

#[test]
fn s4_the_first_passkey_and_the_removal_of_one_end_every_other_session() {
    let world = World::default();
    let (client, created) = world.sign_up("ann@example.com");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    let elsewhere =
        || (world.browser_of(&account, &organization), world.bearer(&world.full_token_for(&account, &organization)));
    let alive = |(browser, token): &(Browser, Client)| {
        (browser.get("/account").status == StatusCode::OK, token.get("/v2/accounts/me").status == StatusCode::OK)
    };
    let others = elsewhere();
    assert_eq!(alive(&others), (true, true));
    assert_eq!(make(&client, "Phone", &mut Authenticator::new(1)).status, StatusCode::CREATED);
    assert_eq!(alive(&others), (false, false));
    let others = elsewhere();
    let second = make(&client, "Key", &mut Authenticator::new(2));
    assert!(second.json()["recovery_codes"].as_array().expect("codes").is_empty(), "only the first brings them");
    assert_eq!(alive(&others), (true, true), "a further one ends nothing");
    let one = format!("{ALL}/{}", second.json()["passkey_id"].as_str().expect("an id"));
    assert_eq!(client.send(http::Method::DELETE, &one, "{}".into()).status, StatusCode::OK);
    assert_eq!(alive(&others), (false, false));
    assert_eq!(world.rows("recovery_code"), 10, "a factor is left");
}

#[test]
fn m6_the_last_factor_stays_where_an_organization_demands_one() {
    let world = World::default();
    let (client, _, _) = with_passkey(&world, "ann@example.com", 1);
    world.database.execute("UPDATE organization SET mfa_required_at = 1");
    let one = format!("{ALL}/{}", client.get(ALL).json()[0]["passkey_id"].as_str().expect("an id"));
    let remove = || client.send(http::Method::DELETE, &one, "{}".into()).status;
    assert_eq!((remove(), world.rows("passkey"), world.rows("recovery_code")), (StatusCode::CONFLICT, 1, 10));
    assert_eq!(make(&client, "Key", &mut Authenticator::new(2)).status, StatusCode::CREATED);
    assert_eq!((remove(), world.rows("passkey")), (StatusCode::OK, 1));
}

#[test]
fn e4_two_first_passkeys_at_once_do_not_take_each_others_recovery_codes() {
    let world = World::default();
    let (client, _) = world.sign_up("ann@example.com");
    let credentials: Vec<Value> = (1..=4).map(|seed| Authenticator::new(seed).create(&options(&client))).collect();
    let answers: Vec<Answer> = std::thread::scope(|scope| {
        let race = credentials.iter().map(|credential| {
            let client = client.clone();
            scope.spawn(move || client.post(ALL, &json!({"name": "Phone", "credential": credential})))
        });
        race.collect::<Vec<_>>().into_iter().map(|one| one.join().expect("an answer")).collect()
    });
    let made: Vec<Value> = answers.iter().filter(|one| one.status == StatusCode::CREATED).map(Answer::json).collect();
    let with_codes = made.iter().filter(|one| !one["recovery_codes"].as_array().expect("codes").is_empty());
    assert_eq!((with_codes.count(), world.rows("recovery_code")), (1, 10));
    assert!(answers.iter().all(|one| matches!(one.status, StatusCode::CREATED | StatusCode::CONFLICT)));
}

#[test]
fn z1_another_persons_passkey_is_not_there() {
    let world = World::default();
    let (ann, _, mut authenticator) = with_passkey(&world, "ann@example.com", 1);
    let (bob, _) = world.sign_up("bob@example.com");
    let one = format!("{ALL}/{}", ann.get(ALL).json()[0]["passkey_id"].as_str().expect("an id"));
    assert_eq!(bob.get(ALL).json(), json!([]));
    assert_eq!(bob.patch(&one, &json!({"name": "Mine"})).status, StatusCode::NOT_FOUND);
    assert_eq!(bob.send(http::Method::DELETE, &one, "{}".into()).status, StatusCode::NOT_FOUND);
    let taken = make(&bob, "Mine", &mut authenticator);
    assert_eq!(taken.status, StatusCode::CONFLICT, "a credential is one account's: {}", taken.text);
    assert_eq!((world.rows("passkey"), ann.get(ALL).json()[0]["name"].clone()), (1, json!("Phone")));
}

#[test]
fn m5_a_challenge_is_answered_once_in_time_by_the_credential_that_got_it_and_for_its_purpose() {
    let world = World::default();
    let (client, created) = world.sign_up("ann@example.com");
    let (bob, _) = world.sign_up("bob@example.com");
    let account = created["account_id"].as_str().expect("an id");
    let other = world
        .bearer(&world.full_token_for(account, created["organization"]["organization_id"].as_str().expect("an id")));
    let refused = |client: &Client, options: &Value, why: &str| {
        let credential = Authenticator::new(9).create(options);
        let answer = client.post(ALL, &json!({"name": "Phone", "credential": credential}));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{why}: {}", answer.text);
        assert!(answer.json()["invalid_fields"]["credential"].is_string(), "{why}: {}", answer.text);
    };
    let given = options(&client);
    refused(&bob, &given, "another person");
    refused(&other, &given, "another session of the same person");
    let mut invented = given.clone();
    invented["challenge"] = json!(encoded(&[3; 32]));
    refused(&client, &invented, "none of ours");
    let browser = world.browser();
    let of_sign_in = asked(&browser);
    invented["challenge"] = of_sign_in["challenge"].clone();
    refused(&client, &invented, "given for a sign-in");
    world.clock.advance(Duration::from_mins(5));
    refused(&client, &given, "too old");
    assert_eq!((world.rows("passkey"), world.count("account WHERE mfa = 1")), (0, 0));

    let given = options(&client);
    let credential = Authenticator::new(1).create(&given);
    let send = || client.post(ALL, &json!({"name": "Phone", "credential": credential}));
    assert_eq!(send().status, StatusCode::CREATED);
    refused(&client, &given, "answered already");
    assert_eq!(send().status, StatusCode::UNPROCESSABLE_ENTITY, "the very same once more");
    assert_eq!(world.rows("passkey"), 1);
}

#[test]
fn m5_what_is_no_answer_of_an_authenticator_is_refused_before_any_storage() {
    let world = World::default();
    let (client, _) = world.sign_up("ann@example.com");
    let given = options(&client);
    let right = Authenticator::new(1).create(&given);
    let bend = |change: &dyn Fn(&mut Authenticator)| {
        let mut authenticator = Authenticator::new(1);
        change(&mut authenticator);
        authenticator.create(&given)
    };
    let without = |field: &str| {
        let mut credential = right.clone();
        credential["response"].as_object_mut().expect("an object").remove(field);
        credential
    };
    let mut cases = vec![
        ("origin", bend(&|it| it.origin = "https://evil.example".into())),
        ("relying party", bend(&|it| it.relying_party = Some("evil.example".into()))),
        ("user presence", bend(&|it| it.flags = 4)),
        ("user verification", bend(&|it| it.flags = 1)),
        ("no client data", without("clientDataJSON")),
        ("no attestation object", without("attestationObject")),
        ("no object", json!("credential")),
        ("null", Value::Null),
        ("empty", json!({})),
    ];
    for (what, field, value) in [("type", "type", json!("password")), ("response", "response", json!([]))] {
        let mut credential = right.clone();
        credential[field] = value;
        cases.push((what, credential));
    }
    for text in ["", "A", "===", "****", "AAAA", &"A".repeat(40_000)] {
        let mut credential = right.clone();
        credential["response"]["attestationObject"] = json!(text);
        cases.push(("attestation object", credential));
    }
    for (what, credential) in cases {
        let answer = client.post(ALL, &json!({"name": "Phone", "credential": credential}));
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.text);
        assert_eq!(answer.calls.database, 0, "{what}");
    }
    for name in ["", "  ", &"x".repeat(65), "a\nb"] {
        let answer = client.post(ALL, &json!({"name": name, "credential": right}));
        assert_eq!((answer.status, answer.calls.database), (StatusCode::UNPROCESSABLE_ENTITY, 0), "{name:?}");
    }
    assert_eq!(client.post(ALL, &json!({"name": "Phone", "credential": right})).status, StatusCode::CREATED);
}

#[test]
fn e3_there_are_at_most_so_many_passkeys_and_challenges() {
    let world = World::with(&[("MAX_PASSKEYS", "2"), ("PASSKEY_CHALLENGES_PER_HOUR", "4")]);
    let (client, _) = world.sign_up("ann@example.com");
    let waiting = options(&client);
    for seed in 1..=2 {
        assert_eq!(make(&client, "Phone", &mut Authenticator::new(seed)).status, StatusCode::CREATED);
    }
    assert_eq!(client.post(OPTIONS, &json!({})).status, StatusCode::CONFLICT);
    let late = client.post(ALL, &json!({"name": "Phone", "credential": Authenticator::new(3).create(&waiting)}));
    assert_eq!((late.status, world.rows("passkey")), (StatusCode::CONFLICT, 2), "{}", late.text);
    world.database.execute("DELETE FROM passkey");
    assert_eq!(client.post(OPTIONS, &json!({})).status, StatusCode::OK);
    let fifth = client.post(OPTIONS, &json!({}));
    assert_eq!((fifth.status, fifth.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "3600"));
}

#[test]
fn a_discoverable_passkey_signs_in_with_all_that_belongs_to_a_sign_in() {
    let world = World::mailing();
    let (client, created, mut authenticator) = with_passkey(&world, "ann@example.com", 1);
    let browser = world.browser();
    let before = browser.cookie(SESSION);
    let options = asked(&browser);
    assert_eq!((&options["allowCredentials"], &options["rpId"]), (&json!([]), &json!("localhost")));
    assert_eq!(options["userVerification"], "required");
    let answered = answer(&browser, &authenticator.get(&options));
    assert!(signed_in(&answered), "{}", answered.text);
    assert_eq!(answered.calls.database, 2);
    assert!(answered.header("location").starts_with("/continue?request="), "the request goes on");
    assert_eq!((before, sessions(&world)), (None, 1), "a whole one, although the account has a second factor");
    assert_eq!(browser.get("/account").status, StatusCode::OK);
    assert_eq!(world.mails_to("ann@example.com", "Sign-in from a new device").len(), 1, "{:?}", world.mails());
    let id = created["account_id"].as_str().expect("an id");
    assert_eq!(world.count(&format!("audit_log WHERE action = 'session.begin' AND actor_id = '{id}'")), 1);
    assert!(client.get(ALL).json()[0]["used_at"].is_string());
}

#[test]
fn a19_the_same_person_in_the_same_browser_keeps_the_session_with_new_cookies() {
    let world = World::mailing();
    let (_, _, mut authenticator) = with_passkey(&world, "ann@example.com", 1);
    let browser = world.browser();
    let mut forms = Vec::new();
    for _ in 0..2 {
        let options = asked(&browser);
        forms.push((browser.form(), authenticator.get(&options).to_string()));
    }
    let send = |(form, credential): &(String, String)| {
        let fields = [("form", form.as_str()), ("credential", credential.as_str())];
        browser.post_as("/signin/passkey", Some(ORIGIN), &fields)
    };
    assert!(signed_in(&send(&forms[0])));
    let (cookie, old) = (browser.cookie(SESSION), browser.copy());
    assert!(signed_in(&send(&forms[1])));
    assert_ne!(browser.cookie(SESSION), cookie);
    assert_eq!((sessions(&world), old.get("/account").status), (1, StatusCode::SEE_OTHER), "the old ones are dead");
    assert_eq!(world.mails_to("ann@example.com", "Sign-in from a new device").len(), 1, "nobody is told twice");
}

#[test]
fn m5_a_passkey_answers_the_application_that_asked() {
    let stage = Stage::default();
    let mut authenticator = Authenticator::new(4);
    assert_eq!(make(&stage.cast.owner.client, "Key", &mut authenticator).status, StatusCode::CREATED);
    stage.enable(&stage.cast.organization, "LiveChat", "active");
    let browser = stage.world.browser();
    browser.get(&url("/", &code_request(LIVECHAT)));
    let options = browser.copy().post("/signin/passkey/options", &[]).json();
    let answered = answer(&browser, &authenticator.get(&options));
    assert!(signed_in(&answered));
    let shown = browser.get(answered.header("location"));
    assert!(shown.status == StatusCode::OK || shown.status == StatusCode::SEE_OTHER, "{}", shown.text);
    assert!(!shown.text.contains("data-testid=\"login-email-input\""), "the person is not asked again");
}

#[test]
fn m5_e1_every_other_answer_to_a_sign_in_is_one_refusal_and_begins_nothing() {
    let world = World::default();
    let (_, _, ann) = with_passkey(&world, "ann@example.com", 1);
    let (_, _, bob) = with_passkey(&world, "bob@example.com", 2);
    let stranger = Authenticator { user_handle: ann.user_handle.clone(), ..Authenticator::new(3) };
    let cases: Vec<(&str, Authenticator)> = vec![
        ("an unknown credential", stranger.clone()),
        ("a known credential of another key", Authenticator { id: ann.id.clone(), ..stranger }),
        ("another account's handle", Authenticator { user_handle: bob.user_handle.clone(), ..ann.clone() }),
        ("no handle", Authenticator { user_handle: None, ..ann.clone() }),
        ("origin", Authenticator { origin: "https://localhost:8787".into(), ..ann.clone() }),
        ("relying party", Authenticator { relying_party: Some("evil.example".into()), ..ann.clone() }),
        ("user presence", Authenticator { flags: 4, ..ann.clone() }),
        ("user verification", Authenticator { flags: 1, ..ann.clone() }),
    ];
    let before = sessions(&world);
    let refused = |browser: &Browser, credential: &Value, what: &str| {
        let answered = answer(browser, credential);
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{what}: {}", answered.text);
        assert!(!signed_in(&answered), "{what}");
        assert!(answered.text.contains("This passkey was not accepted"), "{what}: {}", answered.text);
        assert_eq!(sessions(&world), before, "{what}");
        let form = hidden(&answered.text, "form").expect("a form");
        let text = answered.text.replace(&form, "FORM");
        text.split("/signup?request=").next().expect("a page").len()
    };
    let mut pages = std::collections::BTreeSet::new();
    for (what, mut authenticator) in cases {
        let browser = world.browser();
        let options = asked(&browser);
        pages.insert(refused(&browser, &authenticator.get(&options), what));
    }
    assert_eq!(pages.len(), 1, "E1: one page for all of them");

    let mut ann = ann;
    let browser = world.browser();
    let options = asked(&browser);
    let elsewhere = world.browser();
    asked(&elsewhere);
    refused(&elsewhere, &ann.get(&options), "a challenge of another browser");
    world.clock.advance(Duration::from_mins(5));
    refused(&browser, &ann.get(&options), "a challenge that is too old");
    let mut options = asked(&browser);
    let right = ann.get(&options);
    options["challenge"] = json!(encoded(&[5; 32]));
    refused(&browser, &ann.get(&options), "a challenge of nobody");
    for (field, value) in [
        ("signature", json!(encoded(&[0; 70]))),
        ("authenticatorData", json!("AAAA")),
        ("clientDataJSON", json!("e30")),
    ] {
        let mut bent = right.clone();
        bent["response"][field] = value;
        refused(&browser, &bent, field);
    }
    for text in ["", "null", "[]", "{", "{\"id\":1}", "}},{{"] {
        let answered = browser.post("/signin/passkey", &[("credential", text)]);
        assert_eq!(answered.status, StatusCode::UNAUTHORIZED, "{text}: {}", answered.text);
    }
    assert_eq!(sessions(&world), before);
    assert!(signed_in(&answer(&browser, &right)), "the right one still does");
    browser.remove_cookie(SESSION);
    browser.get("/");
    assert_eq!(answer(&browser, &right).status, StatusCode::UNAUTHORIZED, "and only once");
}

#[test]
fn m5_a_counter_that_does_not_grow_is_refused() {
    let world = World::default();
    let (client, _) = world.sign_up("ann@example.com");
    let mut key = Authenticator { sign_count: 7, ..Authenticator::new(1) };
    assert_eq!(make(&client, "Key", &mut key).status, StatusCode::CREATED);
    let copy = key.clone();
    let sign_in = |authenticator: &mut Authenticator| {
        let browser = world.browser();
        let options = asked(&browser);
        signed_in(&answer(&browser, &authenticator.get(&options)))
    };
    assert!(sign_in(&mut key), "8");
    assert!(!sign_in(&mut copy.clone()), "8 again, by its copy");
    assert!(sign_in(&mut key), "9");
    assert!(!sign_in(&mut Authenticator { sign_count: 0, ..key.clone() }), "one that counted counts on");
    assert_eq!(world.count("passkey WHERE sign_count = 9"), 1);
}

#[test]
fn e4_the_same_assertion_twenty_times_at_once_is_one_session() {
    let world = World::default();
    let (_, _, mut authenticator) = with_passkey(&world, "ann@example.com", 1);
    let browser = world.browser();
    let credential = authenticator.get(&asked(&browser)).to_string();
    let before = sessions(&world);
    let outcomes = at_once(20, || signed_in(&browser.copy().post("/signin/passkey", &[("credential", &credential)])));
    assert_eq!(outcomes.iter().filter(|begun| **begun).count(), 1);
    assert_eq!(sessions(&world), before + 1);
}

#[test]
fn e3_attempts_are_counted_per_network_with_those_by_password() {
    let world = World::with(&[("SIGN_INS_PER_HOUR", "3")]);
    let (_, _, mut authenticator) = with_passkey(&world, "ann@example.com", 1);
    let stranger = || Authenticator { user_handle: Some(vec![0; 16]), ..Authenticator::new(8) };
    let browser = world.browser();
    let options = asked(&browser);
    for _ in 0..2 {
        assert_eq!(answer(&browser, &stranger().get(&options)).status, StatusCode::UNAUTHORIZED);
    }
    let form = browser.form();
    let by_password = browser.post("/signin", &[("email", "ann@example.com"), ("password", "wrong-password")]);
    assert_eq!(by_password.status, StatusCode::UNAUTHORIZED);
    let credential = authenticator.get(&options).to_string();
    let fields = [("form", form.as_str()), ("credential", credential.as_str())];
    let throttled = browser.copy().post_as("/signin/passkey", Some(ORIGIN), &fields);
    assert_eq!(throttled.status, StatusCode::TOO_MANY_REQUESTS, "{}", throttled.text);
    world.come_from("192.0.2.2");
    let elsewhere = browser.copy().post_as("/signin/passkey", Some(ORIGIN), &fields);
    assert!(signed_in(&elsewhere), "another network");

    let asking = || {
        let fields = [("form", form.as_str())];
        browser.copy().post_as("/signin/passkey/options", Some(ORIGIN), &fields).status
    };
    world.come_from("192.0.2.3");
    assert_eq!(
        (0..4).map(|_| asking()).collect::<Vec<_>>().split_off(2),
        [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS]
    );
}

#[test]
fn a_suspended_person_and_in_the_strict_profile_an_unproven_one_get_in_no_more_than_by_password() {
    let world = World::default();
    let (_, created, mut authenticator) = with_passkey(&world, "ann@example.com", 1);
    let strict = world.reconfigured(&[("PROFILE", "strict")]);
    let browser = strict.browser();
    let options = asked(&browser);
    assert_eq!(answer(&browser, &authenticator.get(&options)).status, StatusCode::UNAUTHORIZED, "E2");
    world.database.execute("UPDATE account SET email_verified = 1");
    let browser = strict.browser();
    let options = asked(&browser);
    assert!(signed_in(&answer(&browser, &authenticator.get(&options))));

    let account = created["account_id"].as_str().expect("an id");
    world.database.execute(&format!("UPDATE membership SET suspended = 1 WHERE account_id = '{account}'"));
    let browser = world.browser();
    let options = asked(&browser);
    let before = sessions(&world);
    let answered = answer(&browser, &authenticator.get(&options));
    assert_eq!((answered.status, sessions(&world)), (StatusCode::UNAUTHORIZED, before));
    assert!(answered.text.contains("may not sign in"), "{}", answered.text);
}

/// At the second step after the right password.
fn at_second_step(world: &World, email: &str) -> Browser {
    let browser = world.browser();
    browser.get("/");
    let answered = browser.post("/signin", &[("email", email), ("password", PASSWORD)]);
    assert!(answered.header("location").starts_with("/second-step"), "{}", answered.text);
    browser.get(answered.header("location"));
    browser
}

fn take(browser: &Browser, authenticator: &mut Authenticator) -> Answer {
    let (form, request) = (browser.form(), hidden(&browser.page(), "request").expect("the way on"));
    let asking = browser.copy().post("/second-step/passkey/options", &[]);
    assert_eq!((asking.status, asking.calls.database), (StatusCode::OK, 1), "{}", asking.text);
    let credential = authenticator.get(&asking.json()).to_string();
    let fields = [("form", form.as_str()), ("request", request.as_str()), ("credential", credential.as_str())];
    browser.post_as("/second-step/passkey", Some(ORIGIN), &fields)
}

#[test]
fn m1_a_passkey_takes_the_second_step_of_its_own_account_only() {
    let world = World::default();
    let (_, _, mut ann) = with_passkey(&world, "ann@example.com", 1);
    let (_, _, bob) = with_passkey(&world, "bob@example.com", 2);
    let browser = at_second_step(&world, "ann@example.com");
    assert!(browser.page().contains("Use a passkey"), "{}", browser.page());
    assert_eq!(sessions(&world), 0, "M1");
    for (what, mut other) in [
        ("another account's", bob.clone()),
        ("another account's with this handle", Authenticator { user_handle: ann.user_handle.clone(), ..bob.clone() }),
        ("another handle", Authenticator { user_handle: bob.user_handle.clone(), ..ann.clone() }),
        ("not verified", Authenticator { flags: 1, ..ann.clone() }),
        ("unknown", Authenticator { user_handle: ann.user_handle.clone(), ..Authenticator::new(7) }),
    ] {
        let browser = at_second_step(&world, "ann@example.com");
        let answered = take(&browser, &mut other);
        assert_eq!((answered.status, sessions(&world)), (StatusCode::UNAUTHORIZED, 0), "{what}: {}", answered.text);
        world.database.execute("DELETE FROM throttle");
    }
    let answered = take(&browser, &mut ann);
    assert!(signed_in(&answered), "{}", answered.text);
    assert_eq!((answered.calls.database, sessions(&world)), (2, 1));
    assert!(answered.header("location").starts_with("/continue?request="));
    assert_eq!(browser.get("/account").status, StatusCode::OK);
}

#[test]
fn m5_a_challenge_of_the_second_step_serves_that_step_only() {
    let world = World::default();
    let (client, _, mut ann) = with_passkey(&world, "ann@example.com", 1);
    let half = at_second_step(&world, "ann@example.com");
    let of_step = half.copy().post("/second-step/passkey/options", &[]).json();
    let browser = world.browser();
    let of_sign_in = asked(&browser);
    assert_eq!(answer(&browser, &ann.get(&of_step)).status, StatusCode::UNAUTHORIZED, "not for a sign-in");
    let (form, request) = (half.form(), hidden(&half.page(), "request").expect("the way on"));
    let credential = ann.get(&of_sign_in).to_string();
    let fields = [("form", form.as_str()), ("request", request.as_str()), ("credential", credential.as_str())];
    let crossed = half.copy().post_as("/second-step/passkey", Some(ORIGIN), &fields);
    assert_eq!(crossed.status, StatusCode::UNAUTHORIZED, "not the other way round");
    let mut creating = options(&client);
    creating["challenge"] = of_step["challenge"].clone();
    let made = client.post(ALL, &json!({"name": "x", "credential": Authenticator::new(5).create(&creating)}));
    assert_eq!(made.status, StatusCode::UNPROCESSABLE_ENTITY, "nor for a new one");
    assert_eq!((sessions(&world), world.rows("passkey")), (0, 1));
    assert!(signed_in(&take(&half, &mut ann)));
}

#[test]
fn e4_the_same_second_step_twenty_times_at_once_is_one_session() {
    let world = World::default();
    let (_, _, mut ann) = with_passkey(&world, "ann@example.com", 1);
    let half = at_second_step(&world, "ann@example.com");
    let (form, request) = (half.form(), hidden(&half.page(), "request").expect("the way on"));
    let given = half.copy().post("/second-step/passkey/options", &[]).json();
    let credential = ann.get(&given).to_string();
    let fields = [("form", form.as_str()), ("request", &request), ("credential", &credential)];
    let answers = at_once(20, || half.copy().post_as("/second-step/passkey", Some(ORIGIN), &fields));
    let begun = answers.iter().filter(|answer| answer.headers.contains_key("set-cookie"));
    let outcomes: Vec<StatusCode> = begun.map(|answer| answer.status).collect();
    assert_eq!((outcomes, sessions(&world)), (vec![StatusCode::SEE_OTHER], 1));
}

#[test]
fn s2_neither_a_challenge_nor_a_key_that_signs_is_in_the_database() {
    let world = World::default();
    let (client, _, _) = with_passkey(&world, "ann@example.com", 1);
    let waiting = options(&client);
    let challenge = waiting["challenge"].as_str().expect("a text");
    assert_eq!(world.count(&format!("webauthn_challenge WHERE challenge_digest = '{challenge}'")), 0);
    assert_eq!(world.rows("webauthn_challenge"), 1);
    world.clock.advance(Duration::from_hours(1));
    futures_executor::block_on(global_accounts::usecase::sweep::sweep(&world.app())).expect("the cron trigger's work");
    assert_eq!(world.rows("webauthn_challenge"), 0, "T16");
}

#[test]
fn m4_a_passkey_proves_that_the_person_is_still_there_once_and_for_this_session() {
    let world = World::default();
    let (_, created, mut ann) = with_passkey(&world, "ann@example.com", 1);
    let (_, _, mut bob) = with_passkey(&world, "bob@example.com", 2);
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    let browser = world.browser_of(&account, &organization);
    world.clock.advance(Duration::from_mins(11));
    browser.get("/account");
    let ask = |browser: &Browser, path: &str| browser.copy().post(path, &[]);
    let fresh = |browser: &Browser| ask(browser, "/account/passkeys/options").status == StatusCode::OK;
    let prove = |browser: &Browser, credential: Value| {
        let (form, credential) = (browser.form(), credential.to_string());
        let fields = [("form", form.as_str()), ("credential", credential.as_str())];
        browser.copy().post_as("/account/step-up", Some(ORIGIN), &fields)
    };
    assert!(!fresh(&browser));
    let options = ask(&browser, "/account/step-up/options").json();
    assert_eq!(options["allowCredentials"][0]["id"], encoded(&ann.id));
    let elsewhere = world.browser_of(&account, &organization);
    elsewhere.get("/account");
    let half = at_second_step(&world, "ann@example.com");
    let of_step = half.copy().post("/second-step/passkey/options", &[]).json();
    for (what, browser, credential) in [
        ("another's passkey", &browser, bob.get(&options)),
        ("another session's challenge", &elsewhere, ann.get(&options)),
        ("a challenge of the second step", &browser, ann.get(&of_step)),
        ("nothing", &browser, Value::Null),
    ] {
        let answer = prove(browser, credential);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", answer.text);
    }
    assert!(!fresh(&browser));
    let right = ann.get(&options);
    let (old, form, credential) = (browser.copy(), browser.form(), right.to_string());
    let fields = [("form", form.as_str()), ("credential", credential.as_str())];
    let answer = browser.post_as("/account/step-up", Some(ORIGIN), &fields);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::SEE_OTHER, 2), "{}", answer.text);
    assert_eq!(old.get("/account").status, StatusCode::SEE_OTHER, "A19: the old cookies are dead");
    browser.get("/account");
    assert!(fresh(&browser));
    assert_eq!(prove(&browser, right).status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    assert_eq!(world.count("audit_log WHERE action = 'session.prove'"), 1);
}
