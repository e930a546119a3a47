//! `GET /v2/info`: the refresh token that was given with the access token, and the unversioned alias.

use std::time::Duration;

use http::StatusCode;

use crate::support::client::World;
use crate::support::oauth::{SECRET, SignedIn, text, tokens};

const SCOPES: &[&str] = &["accounts--my:rw"];

fn shown(world: &World, access: &str) -> Option<String> {
    let answer = world.bearer(access).get("/v2/info");
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["refresh_token"].as_str().map(str::to_owned)
}

#[test]
fn the_paired_refresh_token_is_shown_to_the_bearer() {
    for secret in [None, Some(SECRET)] {
        let app = World::default().signed_in(secret, SCOPES);
        assert_eq!(shown(&app.world, &app.access_token).as_ref(), Some(&app.refresh_token), "from the database");
        let cached = app.bearer(&app.access_token).get("/v2/info");
        assert_eq!((cached.calls.database, text(&cached, "refresh_token")), (0, app.refresh_token.clone()));
        let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
        assert_eq!(shown(&app.world, &access), Some(refresh));
        assert_eq!(app.bearer(&access).get("/v2/info").json()["client_id"], app.client_id);
    }
}

#[test]
fn a_replaced_refresh_token_is_shown_no_more() {
    let app = World::default().signed_in(None, SCOPES);
    app.world.clock.advance(Duration::from_secs(1));
    tokens(&app.refresh(&app.refresh_token));
    assert_eq!(shown(&app.world, &app.access_token), None, "presenting it would end the family");
}

#[test]
fn a_token_without_an_application_has_none() {
    let app = World::default().signed_in(None, SCOPES);
    assert!(app.owner.get("/v2/info").json().get("refresh_token").is_none());
}

fn holds(world: &World, token: &str) -> bool {
    let cells = world.database.dump().into_iter().map(|(_, _, cell)| cell);
    cells.chain(world.cache.values().into_values()).chain(world.lines()).any(|text| text.contains(token))
}

#[test]
fn s2_neither_database_nor_cache_nor_log_holds_a_token() {
    let app = World::default().signed_in(None, SCOPES);
    shown(&app.world, &app.access_token);
    let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
    shown(&app.world, &access);
    assert!(app.world.cache.values().values().any(|value| value.contains("sealed_refresh")));
    for token in [&app.access_token, &app.refresh_token, &access, &refresh] {
        assert!(!holds(&app.world, token));
    }
}

#[test]
fn strict_rules_show_none_and_store_none() {
    let compatible = World::default().signed_in(None, SCOPES);
    let strict = compatible.world.reconfigured(&[("PROFILE", "strict")]);
    assert_eq!(shown(&strict, &compatible.access_token), None, "the deployment became strict");

    let sealed = |app: &SignedIn| app.world.database.value::<i64>("SELECT count(sealed_refresh) FROM access_token");
    let app = World::default().signed_in(None, SCOPES);
    assert_eq!(sealed(&app), 1);
    app.world.database.execute("UPDATE client SET strict = 1 WHERE product IS NULL");
    app.world.clock.advance(Duration::from_secs(1));
    let (access, refresh) = tokens(&app.refresh(&app.refresh_token));
    assert_eq!((shown(&app.world, &access), sealed(&app)), (None, 1), "the client is strict by itself");
    let strict = app.world.reconfigured(&[("PROFILE", "strict")]);
    app.world.database.execute("UPDATE client SET strict = 0");
    let later = SignedIn { world: strict, ..app };
    tokens(&later.refresh(&refresh));
    assert_eq!(sealed(&later), 1, "a strict deployment seals nothing");
}

#[test]
fn the_alias_answers_as_v2_does() {
    let app = World::default().signed_in(None, SCOPES);
    let client = app.bearer(&app.access_token);
    assert_eq!(client.get("/info").json(), client.get("/v2/info").json());
    let query = format!("/info?code={}", app.access_token.replace(':', "%3A"));
    assert_eq!(app.world.anonymous().get(&query).status, StatusCode::OK);
}
