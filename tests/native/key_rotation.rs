//! `docs/key-rotation.md`, followed stage by stage: nobody is signed out, and a retired secret is refused (row F3).

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use global_accounts::app::StorageCalls;
use http::StatusCode;
use serde_json::json;

use crate::support::client::{Client, MASTER_SECRET, World};
use crate::support::oauth::{SignedIn, tokens};
use crate::support::source;

const NEW_SECRET: &str = "1:b3RoZXItc2VjcmV0LW9mLXRoZS10ZXN0cy0wMDAwMDA";

/// `MASTER_SECRET` and `MASTER_SECRET_PREVIOUS` of one stage, and what the page promises of it.
struct Stage {
    settings: Vec<(&'static str, &'static str)>,
    signs: String,
    accepts: String,
}

fn secret(name: &str) -> Option<&'static str> {
    match name {
        "old" => Some(MASTER_SECRET),
        "new" => Some(NEW_SECRET),
        _ => None,
    }
}

/// The table of the page.
fn stages() -> Vec<Stage> {
    let page = source::read("docs/key-rotation.md");
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| stage"));
    let stage = |row: &str| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [_, current, previous, signs, accepts] = cells[..] else { panic!("{row}") };
        let named = [("MASTER_SECRET", secret(current)), ("MASTER_SECRET_PREVIOUS", secret(previous))];
        let settings = named.into_iter().filter_map(|(name, secret)| Some((name, secret?))).collect();
        Stage { settings, signs: signs.to_owned(), accepts: accepts.to_owned() }
    };
    rows.map(stage).collect()
}

/// The key id that a token carries, as the page names it.
fn signer(token: &str) -> &'static str {
    let raw = URL_SAFE_NO_PAD.decode(token.rsplit(':').next().expect("a body")).expect("base64url");
    ["old", "new"][usize::from(raw[0] & 0b11)]
}

fn personal_token(client: &Client, account: &str) -> (String, Client) {
    let answer = client.post("/v2/personal_token", &json!({"name": "script", "scope": "accounts--my:ro"}));
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let token = answer.json()["personal_token"].as_str().expect("a token").to_owned();
    let client = client.world.basic(account, &token);
    (token, client)
}

fn in_isolate(client: &Client, isolate: &World) -> Client {
    Client { world: isolate.clone(), ..client.clone() }
}

#[test]
fn f3_the_documented_rotation_signs_nobody_out() {
    let stages = stages();
    assert_eq!(stages.len(), 4);
    let world = World::with(&stages[0].settings);
    let app = world.signed_in(None, &["accounts--my:rw"]);
    let (personal, script) = personal_token(&app.owner, &app.account);
    let mut refresh = app.refresh_token.clone();
    let mut bearers = vec![app.owner.token().to_owned(), app.access_token.clone()];

    for (number, stage) in stages.iter().enumerate().take(3) {
        let before = world.reconfigured(&stages[number.saturating_sub(1)].settings);
        let after = world.reconfigured(&stage.settings);
        // The old stage and the new one side by side, as while a deployment spreads.
        for (signing, accepting) in [(&after, &before), (&before, &after), (&after, &after)] {
            world.clock.advance(Duration::from_secs(20));
            let here = SignedIn { world: signing.clone(), ..app.clone() };
            let (access, next) = tokens(&here.refresh(&refresh));
            if std::ptr::eq(signing, &after) {
                assert_eq!([signer(&access), signer(&next)], [stage.signs.as_str(); 2], "stage {number}");
            }
            refresh = next;
            bearers.push(access);
            for isolate in [accepting, signing] {
                for bearer in &bearers {
                    assert!(stage.accepts.contains(signer(bearer)), "stage {number}");
                    for path in ["/v2/accounts/me", "/v2/info"] {
                        let answer = isolate.bearer(bearer).get(path);
                        assert_eq!(answer.status, StatusCode::OK, "stage {number} {path}: {}", answer.text);
                    }
                }
                assert_eq!(in_isolate(&script, isolate).get("/v2/accounts/me").status, StatusCode::OK, "{number}");
            }
        }
    }

    let retired = world.reconfigured(&stages[3].settings);
    let before = world.touched();
    for bearer in bearers.iter().filter(|bearer| signer(bearer) == "old") {
        for path in ["/v2/accounts/me", "/v2/info"] {
            let answer = retired.bearer(bearer).get(path);
            assert_eq!((answer.status, answer.calls), (StatusCode::UNAUTHORIZED, StorageCalls::default()));
        }
    }
    assert_eq!(signer(&personal), "old");
    assert_eq!(in_isolate(&script, &retired).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.touched(), before, "refused without storage");
    let newer: Vec<&String> = bearers.iter().filter(|bearer| signer(bearer) == "new").collect();
    assert!(newer.len() >= 2);
    for bearer in newer {
        assert_eq!(retired.bearer(bearer).get("/v2/accounts/me").status, StatusCode::OK);
    }
    let here = SignedIn { world: retired, ..app };
    let (access, next) = tokens(&here.refresh(&refresh));
    assert_eq!([signer(&access), signer(&next)], ["new"; 2], "the application never noticed");
}

/// Why stage 1 exists: without it an isolate meets tokens of a secret that it has not seen.
#[test]
fn f3_a_rotation_in_one_step_refuses_tokens_while_it_spreads() {
    let stages = stages();
    let before = World::with(&stages[0].settings);
    let after = before.reconfigured(&stages[2].settings);
    let (newer, _) = after.sign_up("john@example.com");
    assert_eq!(in_isolate(&newer, &before).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED);
}

#[test]
fn the_page_names_settings_that_exist() {
    let (page, config) = (source::read("docs/key-rotation.md"), source::read("src/config.rs"));
    let words = page.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
    for setting in words.filter(|word| word.len() > 6 && word.contains('_')) {
        assert!(config.contains(&format!("\"{setting}\"")), "{setting}");
    }
}
