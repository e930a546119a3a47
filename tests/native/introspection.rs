//! What a look at a token costs: storage calls by layer, writes to the cache, memory.

use std::time::Duration;

use global_accounts::app::recent::{MAX_BYTES, MAX_ENTRIES};
use global_accounts::app::{StorageCalls, recent::Size};
use http::StatusCode;

use crate::support::cache::{CacheFault, Calls};
use crate::support::client::{Answer, Client, World};

const SECOND: Duration = Duration::from_secs(1);

fn look(isolate: &World, token: &str) -> (StatusCode, u32, u32) {
    let Answer { status, calls: StorageCalls { cache, database }, .. } = isolate.bearer(token).get("/v2/info");
    (status, cache, database)
}

fn signed_up(settings: &[(&str, &str)]) -> (World, Client) {
    let world = World::with(settings);
    let (owner, _) = world.sign_up("john@example.com");
    (world, owner)
}

#[test]
fn hot_is_nothing_warm_one_read_cold_one_of_each_and_one_write() {
    let (here, owner) = signed_up(&[]);
    let (there, token) = (here.reconfigured(&[]), owner.token());
    let batches = here.database.batches();
    assert_eq!(look(&here, token), (StatusCode::OK, 1, 1), "cold");
    assert_eq!(here.cache.calls_by_kind(), Calls { gets: 1, puts: 1, deletes: 0 });
    for _ in 0..100 {
        assert_eq!(look(&here, token), (StatusCode::OK, 0, 0), "hot");
    }
    assert_eq!(look(&there, token), (StatusCode::OK, 1, 0), "warm: another isolate");
    assert_eq!(look(&there, token), (StatusCode::OK, 0, 0), "hot there too");
    assert_eq!(here.cache.calls_by_kind(), Calls { gets: 2, puts: 1, deletes: 0 });
    assert_eq!(here.database.batches(), batches + 1);
    assert!(here.cache.shortest_ttl() >= 60, "the platform's least");
}

#[test]
fn every_layer_gives_the_same_answer() {
    let (here, owner) = signed_up(&[]);
    let cold = owner.get("/v2/info").text;
    assert_eq!(owner.get("/v2/info").text, cold, "hot");
    assert_eq!(here.reconfigured(&[]).bearer(owner.token()).get("/v2/info").text, cold, "warm");
    assert_eq!(here.reconfigured(&[("INTROSPECTION_CACHE", "off")]).bearer(owner.token()).get("/v2/info").text, cold);
}

#[test]
fn an_isolate_repeats_for_five_seconds_and_never_beyond_s() {
    let (here, owner) = signed_up(&[]);
    let token = owner.token();
    look(&here, token);
    here.clock.advance(5 * SECOND);
    assert_eq!(look(&here, token), (StatusCode::OK, 0, 0));
    here.clock.advance(Duration::from_millis(1));
    assert_eq!(look(&here, token), (StatusCode::OK, 1, 0), "asks again, although S is not over");
    here.clock.advance(5 * SECOND);
    assert_eq!(look(&here, token), (StatusCode::OK, 0, 0), "five seconds from when it learned it");
    here.clock.advance(Duration::from_millis(49_998));
    assert_eq!(look(&here, token), (StatusCode::OK, 1, 0), "S after the verification");
    here.clock.advance(Duration::from_millis(2));
    assert_eq!(look(&here, token), (StatusCode::OK, 1, 1), "lives do not add up: S ends also what was just learned");

    let (here, owner) = signed_up(&[("INTROSPECTION_MAX_STALENESS", "2")]);
    look(&here, owner.token());
    here.clock.advance(2 * SECOND);
    assert_eq!(look(&here, owner.token()), (StatusCode::OK, 0, 0));
    here.clock.advance(Duration::from_millis(1));
    assert_eq!(look(&here, owner.token()), (StatusCode::OK, 1, 1), "a bound below five seconds is the shorter life");
}

#[test]
fn the_cache_is_written_once_per_token_in_half_of_s() {
    for fault in [CacheFault::None, CacheFault::LostPuts, CacheFault::Down, CacheFault::NegativeFor(60 * SECOND)] {
        let (here, owner) = signed_up(&[]);
        here.cache.set_fault(fault);
        for second in 0..120 {
            look(&here, owner.token());
            let puts = here.cache.calls_by_kind().puts;
            assert!(puts <= 1 + second / 30, "{fault:?}: {puts} puts in {second} s");
            here.clock.advance(SECOND);
        }
        assert!(here.cache.calls_by_kind().puts >= 2, "{fault:?}: but it is tried again");
    }
}

#[test]
fn the_setting_chooses_the_layers() {
    for (setting, first, second) in [("kv", (1, 1), (0, 0)), ("isolate", (0, 1), (0, 0)), ("off", (0, 1), (0, 1))] {
        let (here, owner) = signed_up(&[("INTROSPECTION_CACHE", setting)]);
        let cost = |(_, cache, database)| (cache, database);
        assert_eq!(cost(look(&here, owner.token())), first, "{setting}");
        assert_eq!(cost(look(&here, owner.token())), second, "{setting}");
        assert_eq!(here.cache.calls() > 0, setting == "kv", "{setting}");
        assert_eq!(here.isolate.remembered().entries, usize::from(setting != "off"), "{setting}");
    }
}

#[test]
fn what_is_no_live_token_is_remembered_nowhere() {
    let (here, owner) = signed_up(&[]);
    let token = owner.token().to_owned();
    here.database.execute("DELETE FROM access_token");
    assert_eq!(look(&here, &token), (StatusCode::UNAUTHORIZED, 1, 1), "genuine, but of no row");
    assert_eq!(here.isolate.remembered(), Size::default());
    assert_eq!(here.cache.calls_by_kind().puts, 0, "no negative answer is kept");
    for forged in [format!("{}A", &token[..token.len() - 1]), "dal:AAAA".into(), "no token".into()] {
        let (_, cache, database) = look(&here, &forged);
        assert_eq!((cache, database), (0, 0), "{forged}");
    }
    here.clock.advance(Duration::from_hours(8));
    assert_eq!(look(&here, &token), (StatusCode::UNAUTHORIZED, 0, 0), "expired");
}

/// Also in memory the refresh token is only what its bearer can open, and no token text is kept.
#[test]
fn s2_an_isolate_remembers_no_token_text() {
    let app = World::default().signed_in(None, &["accounts--my:rw"]);
    let answer = app.bearer(&app.access_token).get("/v2/info");
    assert_eq!(answer.json()["refresh_token"], app.refresh_token.as_str());
    let memory = app.world.app().recent(|recent| format!("{recent:?}")).expect("a memory");
    assert!(memory.contains("sealed_refresh: Some"));
    for token in [&app.access_token, &app.refresh_token] {
        assert!(!memory.contains(token.trim_start_matches("dal:")), "{memory}");
    }
}

/// Twenty thousand distinct valid tokens through the router; `make test-long` does it with a million and counts the
/// bytes of the heap.
#[test]
fn a_flood_of_valid_tokens_does_not_grow_the_isolate() {
    let (here, owner) = signed_up(&[("INTROSPECTION_CACHE", "isolate")]);
    let tokens = here.many_tokens_like(owner.token(), 20_000);
    for token in &tokens {
        assert_eq!(look(&here, token), (StatusCode::OK, 0, 1));
    }
    let Size { entries, bytes } = here.isolate.remembered();
    assert!((MAX_ENTRIES / 2..=MAX_ENTRIES).contains(&entries), "{entries}");
    assert!(bytes <= MAX_BYTES, "{bytes}");
    assert_eq!(look(&here, tokens.last().expect("a token")), (StatusCode::OK, 0, 0), "the last is hot");
    assert_eq!(look(&here, &tokens[0]), (StatusCode::OK, 0, 1), "the first was driven out");
}
