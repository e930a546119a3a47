//! Whether an address has an account is told to nobody: the same bytes, hashes and storage calls either way (rows E1, E2, P8).
//!
//! Each door is tried in two worlds that differ in nothing but that: in one of them the account was given another address
//! behind the service's back. Randomness and clock are the same, so whole answers are compared as they are, request ids and
//! form tokens included.

use std::fmt::Write as _;

use http::StatusCode;
use serde_json::json;

use crate::support::authorize::PASSWORD;
use crate::support::cast::Cast;
use crate::support::client::{Answer, World};

const ASKED: &str = "somebody@example.com";

/// Everything that somebody outside can see, and everything that it cost.
#[derive(Debug, PartialEq)]
struct Seen {
    status: StatusCode,
    headers: Vec<String>,
    body: String,
    log: String,
    hashes: u64,
    filled_kib: u64,
    round_trips: u32,
    cache: u32,
    statements: Vec<String>,
}

/// What is done at the door, with everything that is needed before it done by the first part.
struct Door {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    /// What else is true of the account.
    with: &'static str,
    expected: StatusCode,
    ask: fn(&World, &Cast) -> Box<dyn FnOnce() -> Answer>,
}

const STRICT: &[(&str, &str)] = &[("PROFILE", "strict")];
const ONE_GUESS: &[(&str, &str)] = &[("PASSWORD_ATTEMPTS", "1")];

const DOORS: &[Door] = &[
    Door {
        name: "POST /signin, wrong password",
        settings: &[],
        with: "",
        expected: StatusCode::UNAUTHORIZED,
        ask: sign_in,
    },
    Door {
        name: "POST /signin, the account has no password",
        settings: &[],
        with: "DELETE FROM password WHERE account_id = (SELECT account_id FROM account WHERE email_key = 'somebody@example.com')",
        expected: StatusCode::UNAUTHORIZED,
        ask: sign_in,
    },
    Door {
        name: "POST /signin, suspended everywhere, wrong password",
        settings: &[],
        with: "UPDATE membership SET suspended = 1 WHERE account_id = (SELECT account_id FROM account WHERE email_key = 'somebody@example.com')",
        expected: StatusCode::UNAUTHORIZED,
        ask: sign_in,
    },
    Door {
        name: "POST /signin, one guess too many",
        settings: ONE_GUESS,
        with: "",
        expected: StatusCode::TOO_MANY_REQUESTS,
        ask: sign_in_again,
    },
    Door {
        name: "POST /signin, strict: right password, address never proven",
        settings: STRICT,
        with: "UPDATE account SET email_verified = 0",
        expected: StatusCode::UNAUTHORIZED,
        ask: sign_in_rightly,
    },
    Door { name: "POST /forgot", settings: &[], with: "", expected: StatusCode::SEE_OTHER, ask: forgot },
    Door { name: "POST /signup, strict", settings: STRICT, with: "", expected: StatusCode::SEE_OTHER, ask: sign_up },
    Door {
        name: "POST /v2/organizations, strict",
        settings: STRICT,
        with: "",
        expected: StatusCode::OK,
        ask: api_sign_up,
    },
    Door { name: "POST /v2/accounts/me/email", settings: &[], with: "", expected: StatusCode::OK, ask: change_email },
    Door { name: "POST /v2/accounts/invitations", settings: &[], with: "", expected: StatusCode::CREATED, ask: invite },
];

fn sign_in(world: &World, _: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let browser = world.browser();
    browser.get("/signin");
    Box::new(move || browser.sign_in(ASKED, "a-wrong-password"))
}

fn sign_in_again(world: &World, _: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let browser = world.browser();
    browser.get("/signin");
    browser.copy().sign_in(ASKED, "a-wrong-password");
    Box::new(move || browser.sign_in(ASKED, PASSWORD))
}

fn sign_in_rightly(world: &World, _: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let browser = world.browser();
    browser.get("/signin");
    Box::new(move || browser.sign_in(ASKED, PASSWORD))
}

fn forgot(world: &World, _: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let browser = world.browser();
    browser.get("/forgot");
    Box::new(move || browser.post("/forgot", &[("email", ASKED)]))
}

fn sign_up(world: &World, _: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let browser = world.browser();
    browser.get("/signup");
    let fields = [("email", ASKED), ("password", "a-long-enough-password"), ("name", "Somebody")];
    Box::new(move || browser.post("/signup", &fields))
}

fn api_sign_up(world: &World, _: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let anonymous = world.anonymous();
    Box::new(move || {
        anonymous.post("/v2/organizations", &json!({"email": ASKED, "password": "a-long-enough-password"}))
    })
}

fn change_email(_: &World, cast: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let owner = cast.owner.client.clone();
    Box::new(move || owner.post("/v2/accounts/me/email", &json!({"email": ASKED, "password": PASSWORD})))
}

fn invite(_: &World, cast: &Cast) -> Box<dyn FnOnce() -> Answer> {
    let owner = cast.owner.client.clone();
    let body = json!({"email": ASKED, "name": "Guest", "product": "LiveChat", "role": "normal"});
    Box::new(move || owner.post("/v2/accounts/invitations", &body))
}

/// Somebody asks at the door; gives what is seen, and how many statements follow after the answer.
fn seen(door: &Door, known: bool) -> (Seen, usize) {
    let world = World::mailing();
    world.sign_up(ASKED);
    let cast = Cast::of(world.clone(), "owner@example.com");
    cast.enable("LiveChat");
    world.database.execute("UPDATE account SET email_verified = 1");
    if !door.with.is_empty() {
        world.database.execute(door.with);
    }
    if !known {
        world.database.execute(
            "UPDATE account SET email = 'elsewhere@example.com', email_key = 'elsewhere@example.com'
             WHERE email_key = 'somebody@example.com'",
        );
    }
    let settings: Vec<_> =
        [("MAIL_FROM", "accounts@example.com")].into_iter().chain(door.settings.iter().copied()).collect();
    let world = world.reconfigured(&settings);
    let cast = Cast {
        owner: crate::support::cast::Person {
            client: world.bearer(cast.owner.client.token()),
            id: cast.owner.id.clone(),
        },
        ..cast
    };
    let ask = (door.ask)(&world, &cast);
    let (hashes, filled) = (world.isolate_hashes(), world.app().hasher().filled_kib());
    let lines = world.lines().len();
    world.database.record();
    let answer = ask();
    let texts = world.database.record();
    // What follows the answer is the mail, in batches of its own.
    let batches = texts.iter().enumerate().filter(|(_, text)| *text == "BATCH").map(|(at, _)| at);
    let end = batches.clone().nth(answer.calls.database as usize).unwrap_or(texts.len());
    let statements: Vec<String> = texts[..end].iter().filter(|text| *text != "BATCH").cloned().collect();
    let mut headers: Vec<String> = answer.headers.iter().map(|(name, value)| format!("{name}: {value:?}")).collect();
    headers.sort();
    let seen = Seen {
        status: answer.status,
        headers,
        log: world.lines()[lines].clone(),
        hashes: world.isolate_hashes() - hashes,
        filled_kib: world.app().hasher().filled_kib() - filled,
        round_trips: answer.calls.database,
        cache: answer.calls.cache,
        body: answer.text,
        statements,
    };
    (seen, texts.len() - end)
}

#[test]
fn e1_e2_p8_known_and_unknown_addresses_are_one_and_the_same_outside() {
    let mut table = format!(
        "{:<60}{:>7}{:>8}{:>8}{:>9}{:>7}{:>12}\n",
        "known and unknown alike", "status", "bytes", "hashes", "KiB each", "trips", "statements"
    );
    for door in DOORS {
        let ((known, _), (unknown, _)) = (seen(door, true), seen(door, false));
        assert_eq!(known.status, door.expected, "{}: {}", door.name, known.body);
        let differs =
            |a: &Vec<String>, b: &Vec<String>| a.iter().zip(b).find(|(a, b)| a != b).map(|(a, b)| format!("{a}\n{b}"));
        assert_eq!(differs(&known.statements, &unknown.statements), None, "{}", door.name);
        assert_eq!(known, unknown, "{}", door.name);
        let each = known.filled_kib.checked_div(known.hashes).unwrap_or(0);
        let bytes = known.body.len() + known.headers.iter().map(|header| header.len() + 2).sum::<usize>();
        writeln!(
            table,
            "{:<60}{:>7}{bytes:>8}{:>8}{each:>9}{:>7}{:>12}",
            door.name,
            known.status.as_u16(),
            known.hashes,
            known.round_trips,
            known.statements.len()
        )
        .expect("a text");
    }
    println!("{table}");
    insta::assert_snapshot!("known_unknown", table);
}

/// The comparison would see a difference: in the compatible profile a sign-up tells (design, section 8).
#[test]
fn e2_the_comparison_sees_a_door_that_tells() {
    let door = Door { name: "compatible", settings: &[], with: "", expected: StatusCode::CONFLICT, ask: api_sign_up };
    assert_ne!(seen(&door, true).0, seen(&door, false).0);
}
