//! What a call may cost, and what it may leave behind: storage calls, one log line, no secret anywhere.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use global_accounts::http::router::ROUTES;
use global_accounts::oauth::envelope::Kind;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::client::{Answer, World};
use crate::support::exercise::exercise_everything;
use crate::support::routes::path;
use crate::support::sqlite::Fault;

/// Round trips to the database where they are not always one. A call that hashes a password takes two: the first counts
/// the attempt and refuses, the second writes. A new personal token, or an application's new
/// secret, is shown on the page that has made it. Who ended an organization is led on to another. What is compiled in, or just
/// answered to another, takes none. A step of an authorization reads the kept request, then what is true now, then acts.
const NOT_ONE: &[(&str, &str, &[u32])] = &[
    ("GET", "/assets/{name}", &[0]),
    ("GET", "/docs", &[0]),
    ("GET", "/info", &[0]),
    ("GET", "/openapi.json", &[0]),
    ("POST", "/v2/organizations", &[2, 1]),
    ("POST", "/v2/accounts", &[2, 1]),
    ("POST", "/v2/accounts/{account_id}/password/reset", &[2]),
    ("DELETE", "/v2/organizations/{organization_id}", &[2, 1]),
    ("POST", "/v2/organizations/{organization_id}/domains/{domain_id}/proof", &[2, 1]),
    ("POST", "/v2/organizations/{organization_id}/ownership", &[2, 1]),
    ("POST", "/v2/organizations/{organization_id}/merges", &[2, 1]),
    ("POST", "/v2/organizations/{organization_id}/merges/{merge_id}/approve", &[2, 1]),
    ("POST", "/account/password", &[2]),
    ("POST", "/v2/accounts/me/passkeys", &[2]),
    ("POST", "/v2/accounts/me/passkeys/options", &[1, 2]),
    ("POST", "/account/passkeys", &[2]),
    ("POST", "/account/step-up", &[2]),
    ("DELETE", "/v2/accounts/me/passkeys/{passkey_id}", &[1, 2]),
    ("POST", "/signin/passkey", &[2]),
    ("POST", "/second-step/passkey", &[2]),
    ("POST", "/account/personal_tokens", &[2]),
    ("POST", "/panel/applications", &[2]),
    ("POST", "/panel/applications/{client_id}/secret", &[2]),
    ("POST", "/panel/domains/{domain_id}/proof", &[2, 1]),
    ("POST", "/panel/merges", &[2, 1]),
    ("POST", "/panel/merges/{merge_id}/approve", &[3, 2]),
    ("POST", "/panel/organization/delete", &[3, 2]),
    ("POST", "/panel/people/{account_id}/ownership", &[2, 1]),
    ("POST", "/panel/people/{account_id}/password", &[2]),
    ("GET", "/", &[1, 2]),
    ("GET", "/signin", &[1, 2]),
    ("POST", "/signin", &[2, 3]),
    ("POST", "/signup", &[2]),
    ("GET", "/second-step", &[1, 2]),
    ("POST", "/second-step", &[2]),
    ("POST", "/v2/accounts/me/mfa/totp", &[2]),
    ("POST", "/v2/accounts/me/mfa/totp/confirm", &[2]),
    ("POST", "/v2/accounts/me/mfa/recovery_codes", &[2]),
    ("DELETE", "/v2/accounts/me/mfa/totp", &[1, 2]),
    ("POST", "/account/second-factor/totp", &[3]),
    ("POST", "/set-up", &[2]),
    ("POST", "/set-up/confirm", &[2]),
    ("POST", "/account/second-factor/totp/confirm", &[3]),
    ("POST", "/account/second-factor/recovery_codes", &[3]),
    ("POST", "/account/second-factor/totp/delete", &[2]),
    ("GET", "/continue", &[2, 3]),
    ("POST", "/organization", &[2]),
    ("POST", "/consent", &[3]),
    ("POST", "/access", &[2, 3]),
    ("POST", "/activate", &[3, 4]),
    ("POST", "/invitation", &[2]),
    ("POST", "/invitation/signin", &[3]),
    ("POST", "/invitation/signup", &[3]),
    ("GET", "/ooops", &[0]),
    ("GET", "/signout", &[0, 1]),
    ("GET", "/defaults", &[0]),
    ("GET", "/.well-known/change-password", &[0]),
    ("GET", "/.well-known/security.txt", &[0]),
    ("POST", "/v2/accounts/me/email", &[1, 2]),
    ("POST", "/account/email", &[2]),
    ("POST", "/v2/accounts/me/erasure", &[2]),
    ("POST", "/account/export", &[2]),
    ("POST", "/account/delete", &[2]),
    ("GET", "/domain", &[0, 1]),
    ("GET", "/verify", &[0, 1]),
    ("GET", "/email/confirm", &[0, 1]),
    ("GET", "/email/undo", &[0, 1]),
    ("GET", "/forgot", &[0]),
    ("GET", "/reset", &[0, 1]),
    ("POST", "/reset", &[2]),
];

/// Routes that look into the cache before they answer; `/info` finds in the isolate what `/v2/info` has just told.
const CACHED: &[&str] = &["/health", "/v2/info"];

#[test]
fn every_call_is_one_round_trip_unless_the_table_says_otherwise() {
    let world = World::default();
    let answers = exercise_everything(&world);
    for (method, template, answer) in &answers {
        let exception = NOT_ONE.iter().find(|(of, path, ..)| *of == method.as_str() && path == template);
        let allowed = exception.map_or([1].as_slice(), |(_, _, trips)| *trips);
        assert!(allowed.contains(&answer.calls.database), "{method} {template}: {:?}", answer.calls);
        assert_eq!(answer.calls.cache, u32::from(CACHED.contains(template)), "{method} {template}");
    }
    for (of, template, trips) in NOT_ONE {
        for trips in *trips {
            let seen = |(method, path, answer): &(Method, &str, Answer)| {
                method.as_str() == *of && path == template && answer.calls.database == *trips
            };
            assert!(answers.iter().any(seen), "no {of} {template} in {trips}");
        }
    }
}

#[test]
fn a_sign_up_that_will_be_refused_is_refused_in_its_first_round_trip() {
    let world = World::with(&[("SIGN_UPS_PER_HOUR", "2")]);
    let sign_up =
        |email: &str| world.anonymous().post("/v2/organizations", &json!({"email": email, "password": "BG0SaleEBL"}));
    assert_eq!(sign_up("a@example.com").calls.database, 2);
    let known = sign_up("A@Example.com");
    assert_eq!((known.status, known.calls.database), (StatusCode::CONFLICT, 1), "before the hash");
    let throttled = sign_up("b@example.com");
    assert_eq!((throttled.status, throttled.calls.database), (StatusCode::TOO_MANY_REQUESTS, 1), "before the hash");
    assert_eq!(throttled.header("retry-after"), "3600");
    world.clock.advance(Duration::from_secs(3_599));
    assert_eq!(sign_up("b@example.com").header("retry-after"), "1", "E3: trying on does not lengthen it");
    world.come_from("192.0.2.2");
    assert_eq!(sign_up("c@example.com").status, StatusCode::OK, "another network");
    world.come_from("192.0.2.1");
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(sign_up("b@example.com").status, StatusCode::OK, "a new window");
}

#[test]
fn health_is_kept_for_five_seconds_in_each_isolate() {
    let world = World::default();
    let cost = |answer: &Answer| (answer.calls.database, answer.calls.cache);
    let probe = || world.anonymous().get("/health");
    assert_eq!(cost(&probe()), (1, 1));
    assert_eq!(cost(&probe()), (0, 0));
    world.clock.advance(Duration::from_millis(4_999));
    assert_eq!(cost(&probe()), (0, 0));
    assert_eq!(cost(&World::default().anonymous().get("/health")), (1, 1), "another isolate asks for itself");
    world.clock.advance(Duration::from_millis(1));
    assert_eq!(cost(&probe()), (1, 1));

    world.database.set_fault(Some(Fault::BeforeCommit));
    world.cache.set_down(true);
    assert_eq!(probe().status, StatusCode::OK, "kept");
    world.clock.advance(Duration::from_secs(5));
    let down = probe();
    assert_eq!(
        (down.status, &down.json()["database"], &down.json()["cache"]),
        (StatusCode::SERVICE_UNAVAILABLE, &"unreachable".into(), &"unreachable".into())
    );
    world.database.set_fault(None);
    assert_eq!(probe().status, StatusCode::SERVICE_UNAVAILABLE, "kept");
    world.clock.advance(Duration::from_secs(5));
    let able = probe();
    assert_eq!((able.status, &able.json()["cache"]), (StatusCode::OK, &"unreachable".into()), "able without its cache");
    let mut keys: Vec<String> = able.json().as_object().expect("an object").keys().cloned().collect();
    keys.sort();
    assert_eq!(keys, ["cache", "database", "schema_version", "version"], "no setting, no profile");
}

#[test]
fn every_request_leaves_one_line_with_its_template_status_and_calls() {
    let world = World::default();
    let answers = exercise_everything(&world);
    let lines: Vec<Value> = world.lines().iter().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), answers.len(), "one line a request");
    for (line, (method, template, answer)) in lines.iter().zip(&answers) {
        let place = format!("{method} {template}: {line}");
        let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
        assert_eq!(keys, ["duration_ms", "level", "method", "request_id", "route", "status", "storage"], "{place}");
        assert_eq!(
            (&line["method"], &line["route"], &line["level"]),
            (&method.as_str().into(), &(*template).into(), &"info".into()),
            "{place}"
        );
        assert_eq!(line["status"], answer.status.as_u16(), "{place}");
        assert_eq!(line["storage"], json!({"d1": answer.calls.database, "kv": answer.calls.cache}), "{place}");
        assert!(
            line["duration_ms"].is_u64() && line["request_id"].as_str().is_some_and(|id| id.len() == 36),
            "{place}"
        );
    }
    let ids: std::collections::BTreeSet<String> = lines.iter().map(|line| line["request_id"].to_string()).collect();
    assert_eq!(ids.len(), lines.len(), "every request has an id of its own");
}

/// Where each value that a caller wrote may be stored. Whatever is not listed may be stored nowhere.
const MAY_BE_STORED: &[(&str, &[&str])] = &[
    ("canary-email@example.com", &["account.email", "account.email_key", "member_term.term"]),
    ("canary-name", &["organization.name"]),
    ("canary-phone", &["organization.company_phone"]),
    ("canary-website.example", &["organization.company_website"]),
    ("canary-filter@example.com", &["authorization_request.email_hint"]),
];

#[test]
fn l4_s2_no_secret_reaches_the_log_the_tables_or_the_cache() {
    let world = World::default();
    let sign_up = json!({
        "email": "canary-email@example.com",
        "password": "canary-password",
        "canary-unknown": "canary-unknown",
        "organization": {"name": "canary-name", "company": {"phone": "canary-phone", "website": "canary-website.example"}},
    });
    let created = world.anonymous().post("/v2/organizations", &sign_up).json();
    let owner = world.bearer(created["access_token"].as_str().expect("a token"));
    let mut tokens = vec![owner.token().to_owned()];
    for kind in Kind::ALL {
        let minted = world.app().mint(kind, Some(world.app().now().plus(Duration::from_hours(1))));
        tokens.push(minted.expect("a token").text);
    }
    for state in [None, Some("no database"), Some("a broken table")] {
        match state {
            None => {}
            Some("no database") => world.database.set_fault(Some(Fault::BeforeCommit)),
            Some(_) => {
                world.database.set_fault(None);
                world.database.execute("DROP VIEW live_caller");
            }
        }
        everything_that_a_caller_can_write(&world, &tokens);
    }

    for line in world.lines() {
        free_of_secrets("the log", &line, &tokens);
        assert!(!line.to_lowercase().contains("canary"), "{line}");
    }
    let cells = world.database.dump();
    assert!(cells.len() > 500, "{} cells", cells.len());
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (table, column, text) in &cells {
        let place = format!("{table}.{column}");
        free_of_secrets(&place, text, &tokens);
        is_no_credential(&world, &place, text);
        if text.to_lowercase().contains("canary") {
            let (canary, allowed) = MAY_BE_STORED
                .iter()
                .find(|(canary, _)| text == canary)
                .unwrap_or_else(|| panic!("{place} holds {text}"));
            assert!(allowed.contains(&place.as_str()), "{place} holds {canary}");
            places.entry(canary).or_default().push(place);
        }
    }
    assert_eq!(places.len(), MAY_BE_STORED.len(), "the search finds what is there: {places:?}");
    let values = world.cache.written();
    assert!(!values.is_empty(), "something was cached");
    for (key, value) in values {
        for text in [key, value] {
            free_of_secrets("the cache", &text, &tokens);
            is_no_credential(&world, "the cache", &text);
            assert!(!text.contains("canary"), "{text}");
        }
    }
}

/// A canary in every place of every route that takes what a caller writes.
fn everything_that_a_caller_can_write(world: &World, tokens: &[String]) {
    let basic = format!("Basic {}", STANDARD.encode(format!("canary-user:{}", tokens[1])));
    let bearers = tokens.iter().map(|token| format!("Bearer {token}"));
    let credentials = bearers.chain([basic, "Bearer canary-token".into(), "Canary canary-scheme".into()]);
    let bodies = [
        json!({"email": "canary-other@example", "password": "canary-password", "canary-key": {"canary": "canary-value"}}).to_string(),
        "canary-no-json".to_owned(),
        format!("{{\"canary\":\"{}\"}}", "canary ".repeat(20_000)),
    ];
    for credential in credentials {
        for route in ROUTES {
            let canary_path = route.path.split('/').map(|part| if part.starts_with('{') { "canary-id" } else { part });
            for path in [path(route), canary_path.collect::<Vec<_>>().join("/")] {
                let query = "email=canary-filter@example.com&cursor=canary-cursor&limit=canary&code=canary:code&action=canary-action&actor=canary&target=canary-target&canary-key=canary-value";
                for body in &bodies {
                    let headers = [
                        ("authorization", credential.as_str()),
                        ("user-agent", "canary-agent"),
                        ("x-forwarded-for", "canary-forwarded"),
                        ("cookie", "canary-cookie=canary"),
                        ("host", "canary-host.example"),
                        ("origin", "https://canary-origin.example"),
                        ("x-request-id", "canary-request"),
                    ];
                    let method = route.method.clone();
                    world.with_headers(method, &format!("{path}?{query}"), &headers, Body::from(body.clone()));
                    world.with_headers(route.method.clone(), &path, &headers[..1], Body::from(body.clone()));
                }
            }
        }
        world.with_headers(Method::GET, &format!("/v2/info?code={}", credential.replace(' ', "%20")), &[], "");
        world.with_headers(Method::from_bytes(b"CANARY").expect("a method"), "/v2/accounts/canary", &[], "");
    }
}

/// Neither a token, nor its body, nor the identifier inside it, in any usual spelling.
fn free_of_secrets(place: &str, text: &str, tokens: &[String]) {
    assert!(!text.contains("canary-password"), "{place}: {text}");
    for token in tokens {
        let body = token.rsplit(':').next().expect("a body");
        let raw = URL_SAFE_NO_PAD.decode(body).expect("base64url");
        let id = &raw[1..17];
        let hex: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        for secret in [body.to_owned(), URL_SAFE_NO_PAD.encode(id), STANDARD.encode(id), hex] {
            assert!(!text.contains(&secret), "{place}: {text}");
        }
    }
}

/// No stored text opens as any kind of token, with or without its region.
fn is_no_credential(world: &World, place: &str, text: &str) {
    let app = world.app();
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':')));
    for word in words.filter(|word| word.len() >= 40) {
        for kind in Kind::ALL {
            assert!(
                app.open(kind, word).is_err() && app.open(kind, &format!("dal:{word}")).is_err(),
                "{place}: {text}"
            );
        }
    }
}

#[test]
fn e4_the_throttles_counter_names_nobody() {
    let world = World::default();
    world.come_from("198.51.100.77");
    world.sign_up("john@example.com");
    let bucket: String = world.database.value("SELECT bucket FROM throttle");
    assert!(bucket.starts_with("sign_up:") && bucket.len() == "sign_up:".len() + 43, "{bucket}");
    assert!(!bucket.contains("198"), "{bucket}");
    let holders: Vec<String> = world
        .database
        .dump()
        .into_iter()
        .filter(|(_, _, text)| text.contains("198.51.100.77"))
        .map(|(table, column, _)| format!("{table}.{column}"))
        .collect();
    assert_eq!(holders, ["session.ip", "audit_detail.ip"]);
}

#[test]
fn p6_the_password_is_stored_as_argon2id_with_its_own_salt() {
    let world = World::default();
    world.sign_up("john@example.com");
    world.sign_up("jane@example.com");
    let stored: Vec<String> = world
        .database
        .dump()
        .into_iter()
        .filter(|(table, column, _)| table == "password" && column == "phc")
        .map(|(_, _, text)| text)
        .collect();
    assert_eq!(stored.len(), 2);
    assert_ne!(stored[0], stored[1], "the same password, another salt");
    assert!(stored.iter().all(|phc| phc.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid=")), "{stored:?}");
}
