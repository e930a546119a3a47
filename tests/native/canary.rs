//! Secrets stay where they belong (rows L4, S2): everything secret that any call of the service takes or gives is looked for
//! in the log, in errors, in addresses, in subjects of mails, in the tables and in the cache.
//!
//! The calls are those of `support::exercise`, which reaches every operation; what is secret in them is told by its place:
//! headers, cookies, and fields of these names.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::support::client::{Heard, World};
use crate::support::exercise::exercise_everything;

/// Fields of bodies, forms and queries, of requests and answers.
const SECRET_FIELDS: &[&str] = &[
    "access_token",
    "cf-turnstile-response",
    "client_secret",
    "code",
    "code_verifier",
    "current_password",
    "form",
    "new_password",
    "otp",
    "password",
    "personal_token",
    "proof_password",
    "recovery_code",
    "recovery_codes",
    "refresh_token",
    "secret",
    "token",
    "turnstile_token",
];

/// A secret, by where it was found first.
type Secrets = BTreeMap<String, String>;

fn take(secrets: &mut Secrets, place: &str, text: &str) {
    // What is shorter is a word of the tests, such as a code that is no code.
    if text.len() < 8 {
        return;
    }
    secrets.entry(text.to_owned()).or_insert_with(|| place.to_owned());
    // A token's body, and the identifier inside it, in any usual spelling.
    let Some(raw) =
        URL_SAFE_NO_PAD.decode(text.rsplit(':').next().unwrap_or_default()).ok().filter(|raw| raw.len() == 38)
    else {
        return;
    };
    let id = &raw[1..17];
    let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
    let body = text.rsplit(':').next().unwrap_or_default().to_owned();
    for spelling in [body, URL_SAFE_NO_PAD.encode(id), STANDARD.encode(id), hex] {
        secrets.entry(spelling).or_insert_with(|| place.to_owned());
    }
}

fn take_json(secrets: &mut Secrets, place: &str, value: &Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if SECRET_FIELDS.contains(&name.as_str()) => {
                        take(secrets, &format!("{place} {name}"), text);
                    }
                    Value::Array(items) if SECRET_FIELDS.contains(&name.as_str()) => {
                        items.iter().filter_map(Value::as_str).for_each(|text| take(secrets, place, text));
                    }
                    other => take_json(secrets, place, other),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| take_json(secrets, place, item)),
        _ => {}
    }
}

fn take_pairs(secrets: &mut Secrets, place: &str, text: &str) {
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        if SECRET_FIELDS.contains(&&*name) {
            take(secrets, &format!("{place} {name}"), &value);
        }
    }
}

/// What the caller sent.
fn given(heard: &Heard) -> Secrets {
    let mut secrets = Secrets::new();
    let place = format!("{} {}", heard.method, heard.uri.path());
    for (name, value) in &heard.headers {
        let Ok(value) = value.to_str() else { continue };
        match name.as_str() {
            "authorization" => {
                let text = value.split_once(' ').map_or(value, |(_, text)| text);
                take(&mut secrets, &place, text);
                let pair = STANDARD.decode(text).ok().and_then(|pair| String::from_utf8(pair).ok());
                if let Some((_, secret)) = pair.as_ref().and_then(|pair| pair.split_once(':')) {
                    take(&mut secrets, &place, secret);
                }
            }
            "cookie" => {
                for (_, value) in value.split("; ").filter_map(|pair| pair.split_once('=')) {
                    take(&mut secrets, &place, value);
                }
            }
            _ => {}
        }
    }
    take_pairs(&mut secrets, &place, heard.uri.query().unwrap_or_default());
    match serde_json::from_str::<Value>(&heard.body) {
        Ok(json) => take_json(&mut secrets, &place, &json),
        Err(_) => take_pairs(&mut secrets, &place, &heard.body),
    }
    secrets
}

/// What the service gave.
fn got(heard: &Heard) -> Secrets {
    let mut secrets = Secrets::new();
    let place = format!("answer of {} {}", heard.method, heard.uri.path());
    for (name, value) in &heard.answer_headers {
        let Ok(value) = value.to_str() else { continue };
        match name.as_str() {
            "set-cookie" => {
                let value =
                    value.split(';').next().and_then(|pair| pair.split_once('=')).map_or("", |(_, value)| value);
                take(&mut secrets, &place, value);
            }
            "location" => {
                let parameters = value.split_once(['?', '#']).map_or("", |(_, parameters)| parameters);
                take_pairs(&mut secrets, &place, parameters);
            }
            _ => {}
        }
    }
    if let Ok(json) = serde_json::from_str::<Value>(&heard.answer) {
        // The code of an error and that of a country are no secrets; the descriptions of the API name fields, not values.
        if heard.status.is_success() && !heard.uri.path().ends_with("openapi.json") {
            take_json(&mut secrets, &place, &json);
        }
    }
    secrets
}

/// A page without the hidden fields in which a form repeats what it needs.
fn shown(page: &str) -> String {
    let mut rest = page;
    let mut shown = String::new();
    while let Some((before, hidden)) = rest.split_once("<input type=\"hidden\"") {
        shown.push_str(before);
        rest = hidden.split_once('>').map_or("", |(_, after)| after);
    }
    shown + rest
}

fn found_in<'a>(secrets: &'a Secrets, text: &str) -> Option<(&'a String, &'a String)> {
    secrets.iter().find(|(secret, _)| text.contains(secret.as_str()))
}

/// Mails with links that nobody uses.
fn every_kind_of_link(world: &World) {
    let (person, _) = world.sign_up("last.of.all@example.com");
    let browser = world.browser();
    browser.get("/forgot");
    for answer in [
        person.post("/v2/accounts/me/email/verification", &json!({})),
        person.post("/v2/accounts/me/email", &json!({"email": "next.address@example.com", "password": "BG0SaleEBL"})),
        person.post("/v2/organizations/my/products", &json!({"product": "LiveChat"})),
        person.post(
            "/v2/accounts/invitations",
            &json!({"email": "guest@example.com", "name": "Guest", "product": "LiveChat", "role": "normal"}),
        ),
        browser.post("/forgot", &[("email", "last.of.all@example.com")]),
    ] {
        assert!(answer.status.as_u16() < 400, "{}", answer.text);
    }
}

#[test]
fn l4_s2_no_secret_of_any_call_is_found_where_it_does_not_belong() {
    let world = World::default();
    world.listen();
    exercise_everything(&world);
    let world = world.reconfigured(&[("MAIL_FROM", "accounts@example.com")]);
    every_kind_of_link(&world);
    world.send_due();
    let heard = world.listen();
    let mut secrets = Secrets::new();
    for heard in &heard {
        secrets.extend(given(heard));
        secrets.extend(got(heard));
    }
    let mails = world.mails();
    let links: Vec<String> = mails
        .iter()
        .flat_map(|mail| mail.text.lines().filter_map(|line| Some(line.split_once("?token=")?.1.to_owned())))
        .collect();
    links.iter().for_each(|link| take(&mut secrets, "a mail", link));
    println!("{} calls, {} mails, {} spellings of secrets", heard.len(), mails.len(), secrets.len());
    assert!(
        heard.len() > 250 && secrets.len() > 500 && links.len() > 3,
        "{} {} {}",
        heard.len(),
        secrets.len(),
        links.len()
    );

    for line in world.lines() {
        assert_eq!(found_in(&secrets, &line), None, "the log: {line}");
    }
    for (table, column, text) in world.database.dump() {
        assert_eq!(found_in(&secrets, &text), None, "{table}.{column}: {text}");
    }
    for (key, value) in world.cache.written() {
        assert_eq!(found_in(&secrets, &key).or(found_in(&secrets, &value)), None, "the cache: {key} {value}");
    }
    for mail in &mails {
        assert_eq!(found_in(&secrets, &mail.subject), None, "a subject");
        let others = secrets.iter().filter(|(secret, _)| !links.iter().any(|link| link.contains(secret.as_str())));
        for (secret, place) in others {
            assert!(!mail.text.contains(secret.as_str()), "a mail to {} holds what {place} held", mail.to);
            assert!(!mail.html.contains(secret.as_str()), "a mail to {} holds what {place} held", mail.to);
        }
    }
    for heard in &heard {
        let place = format!("{} {} {}", heard.status, heard.method, heard.uri.path());
        let location = heard.answer_headers.get("location").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let sent = given(heard);
        // The page of an invitation is its link: who comes back from its forms is in that address already.
        if !location.starts_with("/invitation?token=") {
            assert_eq!(found_in(&sent, location), None, "{place}: {location}");
        }
        if heard.status.is_client_error() || heard.status.is_server_error() {
            assert_eq!(found_in(&sent, &shown(&heard.answer)), None, "{place}: {}", heard.answer);
        }
    }
}

#[test]
fn the_search_finds_what_is_there() {
    let world = World::mailing();
    world.listen();
    world.sign_up("john@example.com");
    world.database.execute("UPDATE account SET name = 'BG0SaleEBL'");
    let heard = world.listen();
    let secrets = given(&heard[0]);
    assert!(world.database.dump().iter().any(|(_, _, text)| found_in(&secrets, text).is_some()));
    assert!(!got(&heard[0]).is_empty(), "the token of the answer");
}
