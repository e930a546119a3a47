//! Revoked means revoked: at once for every management call, and for `/v2/info` at the latest S after the commit,
//! whatever the cache does (rows I3, I4; section 6 of the design).

use std::fmt::Write as _;
use std::time::Duration;

use global_accounts::domain::time::Timestamp;
use http::StatusCode;

use crate::support::cache::CacheFault;
use crate::support::client::World;
use crate::support::revocation::{Case, EVENTS, Stage};
use crate::support::sqlite::Fault;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A deployment and what its cache does.
struct Scenario {
    name: &'static str,
    settings: &'static [(&'static str, &'static str)],
    fault: CacheFault,
    /// The bound S, in seconds.
    bound: u64,
}

const DEFAULT: &[(&str, &str)] = &[];
const S10: &[(&str, &str)] = &[("INTROSPECTION_MAX_STALENESS", "10")];
const S3: &[(&str, &str)] = &[("INTROSPECTION_MAX_STALENESS", "3")];
const S0: &[(&str, &str)] = &[("INTROSPECTION_MAX_STALENESS", "0")];
const ISOLATE: &[(&str, &str)] = &[("INTROSPECTION_CACHE", "isolate")];
const OFF: &[(&str, &str)] = &[("INTROSPECTION_CACHE", "off")];

#[rustfmt::skip]
const SCENARIOS: &[Scenario] = &[
    Scenario { name: "S=60, cache obeys",            settings: DEFAULT, fault: CacheFault::None, bound: 60 },
    Scenario { name: "S=60, stale for ever",         settings: DEFAULT, fault: CacheFault::StaleForever, bound: 60 },
    Scenario { name: "S=60, stale for 30 s",         settings: DEFAULT, fault: CacheFault::StaleFor(seconds(30)), bound: 60 },
    Scenario { name: "S=60, stale for 1 h",          settings: DEFAULT, fault: CacheFault::StaleFor(seconds(3_600)), bound: 60 },
    Scenario { name: "S=60, absence kept for 60 s",  settings: DEFAULT, fault: CacheFault::NegativeFor(seconds(60)), bound: 60 },
    Scenario { name: "S=60, deletes are lost",       settings: DEFAULT, fault: CacheFault::LostDeletes, bound: 60 },
    Scenario { name: "S=60, puts are lost",          settings: DEFAULT, fault: CacheFault::LostPuts, bound: 60 },
    Scenario { name: "S=60, puts arrive 1 s late",   settings: DEFAULT, fault: CacheFault::DelayedPuts(seconds(1)), bound: 60 },
    Scenario { name: "S=60, puts arrive 45 s late",  settings: DEFAULT, fault: CacheFault::DelayedPuts(seconds(45)), bound: 60 },
    Scenario { name: "S=60, down",                   settings: DEFAULT, fault: CacheFault::Down, bound: 60 },
    Scenario { name: "S=60, answers after 50 ms",    settings: DEFAULT, fault: CacheFault::Slow(Duration::from_millis(50)), bound: 60 },
    Scenario { name: "S=60, answers after 51 ms",    settings: DEFAULT, fault: CacheFault::Slow(Duration::from_millis(51)), bound: 60 },
    Scenario { name: "S=10, stale for ever",         settings: S10, fault: CacheFault::StaleForever, bound: 10 },
    Scenario { name: "S=3, stale for ever",          settings: S3, fault: CacheFault::StaleForever, bound: 3 },
    Scenario { name: "S=0, stale for ever",          settings: S0, fault: CacheFault::StaleForever, bound: 0 },
    Scenario { name: "S=60, isolate memory only",    settings: ISOLATE, fault: CacheFault::None, bound: 60 },
    Scenario { name: "S=60, no cache",               settings: OFF, fault: CacheFault::None, bound: 60 },
];

/// What the tokens of one scenario met after their end.
#[derive(Default)]
struct Counts {
    management: u32,
    management_accepted: u32,
    told: u32,
    told_alive: u32,
    told_alive_beyond: u32,
}

fn info(isolate: &World, token: &str) -> StatusCode {
    isolate.bearer(token).get("/v2/info").status
}

/// Moves the clock to so long after `from`.
fn move_to(world: &World, from: Timestamp, offset: Duration) {
    world.clock.advance(from.plus(offset).since(world.app().now()));
}

/// Looks at a token in both isolates up to and beyond S after its end. Gives the last offset, in milliseconds, at which
/// somebody was told that it is alive.
fn follow(isolates: [&World; 2], case: &Case, bound: u64, ended_at: Timestamp, counts: &mut Counts) -> Option<u64> {
    let edges = [bound.saturating_sub(1), bound, bound + 1, bound + 2, bound + 61].map(|s| s * 1_000);
    let mut offsets: Vec<u64> = (0..=bound + 1).step_by(5).map(|s| s * 1_000).chain(edges).collect();
    offsets.extend([1, 5_001, bound * 1_000 + 1]);
    offsets.sort_unstable();
    offsets.dedup();
    let mut last = None;
    for offset in offsets {
        for isolate in isolates {
            move_to(isolate, ended_at, Duration::from_millis(offset));
            let management = isolate.bearer(&case.token).get("/v2/accounts/me").status;
            counts.management += 1;
            counts.management_accepted += u32::from(management != StatusCode::UNAUTHORIZED);
            let asked_at = isolate.app().now();
            let status = info(isolate, &case.token);
            counts.told += 1;
            if status == StatusCode::OK {
                counts.told_alive += 1;
                last = Some(u64::try_from(asked_at.since(ended_at).as_millis()).expect("a short span"));
                counts.told_alive_beyond += u32::from(isolate.app().now().since(ended_at) > seconds(bound));
            } else {
                assert_eq!(status, StatusCode::UNAUTHORIZED);
            }
        }
    }
    last
}

fn matrix_of(scenario: &Scenario, table: &mut String) -> Counts {
    let here = World::with(scenario.settings);
    let stage = Stage::of(here.clone());
    let there = here.reconfigured(scenario.settings);
    let mut counts = Counts::default();
    write!(table, "{:<28}", scenario.name).expect("a text");
    for (event, _, case) in EVENTS {
        here.cache.set_fault(CacheFault::None);
        let case = case(&stage);
        here.cache.set_fault(scenario.fault);
        for isolate in [&here, &there, &here, &there] {
            assert_eq!(info(isolate, &case.token), StatusCode::OK, "{}: {event}", scenario.name);
        }
        // Whatever was learned so far was learned at this instant or before.
        let revoked = case.revoke(&here);
        assert!(matches!(revoked.status.as_u16(), 200 | 401), "{event}: {}", revoked.text);
        let ended_at = here.app().now();
        let last = follow([&here, &there], &case, scenario.bound, ended_at, &mut counts);
        let last = last.map_or("-".to_owned(), |millis| format!("{}.{}", millis / 1_000, millis % 1_000 / 100));
        write!(table, "{last:>5}").expect("a text");
    }
    writeln!(table, "{:>7}{:>7}", counts.told, counts.told_alive).expect("a text");
    counts
}

/// The last second after the revocation at which either of two isolates told the token alive, by cache and event.
#[test]
fn i4_no_cache_stretches_the_bound_for_any_revocation() {
    let mut table =
        String::from("Seconds after the revocation at which one of two isolates last told the token alive.\n\n");
    for (number, (event, ..)) in (1..).zip(EVENTS) {
        writeln!(table, "{number:>2} {event}").expect("a text");
    }
    write!(table, "\n{:<28}", "").expect("a text");
    for number in 1..=EVENTS.len() {
        write!(table, "{number:>5}").expect("a text");
    }
    writeln!(table, "{:>7}{:>7}", "looks", "alive").expect("a text");
    let mut total = Counts::default();
    for scenario in SCENARIOS {
        let counts = matrix_of(scenario, &mut table);
        assert_eq!(counts.management_accepted, 0, "{}: management calls refuse at once", scenario.name);
        assert_eq!(counts.told_alive_beyond, 0, "{}: told alive after S\n{table}", scenario.name);
        total.management += counts.management;
        total.told += counts.told;
        total.told_alive += counts.told_alive;
    }
    writeln!(
        table,
        "\n{} events x {} caches. Management calls after the end: {}, accepted 0. Looks at /v2/info: {}, told alive within S {}, later 0.",
        EVENTS.len(),
        SCENARIOS.len(),
        total.management,
        total.told,
        total.told_alive
    )
    .expect("a text");
    insta::assert_snapshot!("fault_matrix", table);
}

/// The time of a verification is when the database was asked, not when it answered: a revocation in between counts.
#[test]
fn i4_the_bound_counts_from_before_the_database_was_asked() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let asked_at = world.app().now();
    world.database.set_slow(Some((world.clock.clone(), seconds(9))));
    assert_eq!(owner.get("/v2/info").status, StatusCode::OK);
    world.database.set_slow(None);
    assert_eq!(world.app().now().since(asked_at), seconds(9), "the answer took its time");
    world.database.execute("UPDATE session SET ended_at = 1");
    let there = world.reconfigured(&[]);
    for (offset, expected) in [(60_000, StatusCode::OK), (60_001, StatusCode::UNAUTHORIZED)] {
        move_to(&world, asked_at, Duration::from_millis(offset));
        assert_eq!(info(&there, owner.token()), expected, "{offset} ms after the question");
    }
}

/// What is fresh when the cache is asked may be stale when it answers.
#[test]
fn i4_a_value_that_grew_too_old_on_its_way_is_not_told() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    let verified_at = world.app().now();
    assert_eq!(owner.get("/v2/info").status, StatusCode::OK);
    world.database.execute("UPDATE session SET ended_at = 1");
    world.cache.set_fault(CacheFault::Slow(Duration::from_millis(40)));
    move_to(&world, verified_at, Duration::from_millis(59_961));
    let answer = owner.get("/v2/info");
    assert_eq!((answer.status, answer.calls.cache, answer.calls.database), (StatusCode::UNAUTHORIZED, 1, 1));
}

#[test]
fn a_cache_that_takes_more_than_50_ms_is_left_for_the_database() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    owner.get("/v2/info");
    for (millis, database, waited) in [(0, 0, 0), (49, 0, 49), (50, 0, 50), (51, 1, 50), (60_000, 1, 50)] {
        let elsewhere = world.reconfigured(&[]);
        world.cache.set_fault(CacheFault::Slow(Duration::from_millis(millis)));
        let before = world.app().now();
        let answer = elsewhere.bearer(owner.token()).get("/v2/info");
        assert_eq!(
            (answer.status, answer.calls.cache, answer.calls.database),
            (StatusCode::OK, 1, database),
            "{millis}"
        );
        assert_eq!(world.app().now().since(before), Duration::from_millis(waited), "{millis}");
    }
}

#[test]
fn i2_a_revocation_that_did_not_commit_is_503_and_the_token_lives() {
    let stage = Stage::of(World::default());
    let world = &stage.cast.world;
    for (event, trips, case) in EVENTS {
        let case = case(&stage);
        assert_eq!(info(world, &case.token), StatusCode::OK, "{event}");
        world.database.set_fault(Some(Fault::Later(trips - 1)));
        let answer = case.revoke(world);
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"), "{event}");
        world.database.set_fault(None);
        world.clock.advance(seconds(61));
        for isolate in [world, &world.reconfigured(&[])] {
            let management = isolate.bearer(&case.token).get("/v2/accounts/me");
            assert_eq!(management.status, StatusCode::OK, "{event}: {}", management.text);
            assert_eq!(info(isolate, &case.token), StatusCode::OK, "{event}");
        }
    }
}

#[test]
fn i2_a_revocation_whose_answer_was_lost_is_503_and_the_token_is_dead() {
    let stage = Stage::of(World::default());
    let world = &stage.cast.world;
    for (event, trips, case) in EVENTS {
        let case = case(&stage);
        assert_eq!(info(world, &case.token), StatusCode::OK, "{event}");
        world.database.set_fault(Some(Fault::LostLater(trips - 1)));
        let answer = case.revoke(world);
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"), "{event}");
        world.database.set_fault(None);
        assert_eq!(world.bearer(&case.token).get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "{event}");
        world.clock.advance(Duration::from_millis(60_001));
        for isolate in [world, &world.reconfigured(&[])] {
            assert_eq!(info(isolate, &case.token), StatusCode::UNAUTHORIZED, "{event}");
        }
    }
}

#[test]
fn i2_a_database_that_fails_is_503_and_nothing_older_than_s_is_told() {
    for fault in [Fault::BeforeCommit, Fault::AfterCommit] {
        let world = World::default();
        let (owner, _) = world.sign_up("john@example.com");
        let verified_at = world.app().now();
        owner.get("/v2/info");
        world.database.set_fault(Some(fault));
        for cache in [CacheFault::None, CacheFault::StaleForever] {
            world.cache.set_fault(cache);
            let there = world.reconfigured(&[]);
            for isolate in [&world, &there] {
                assert_eq!(info(isolate, owner.token()), StatusCode::OK, "known within S");
            }
        }
        world.cache.set_fault(CacheFault::Down);
        let answer = world.reconfigured(&[]).bearer(owner.token()).get("/v2/info");
        assert_eq!((answer.status, answer.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "2"));
        world.cache.set_fault(CacheFault::StaleForever);
        for (offset, expected) in [(60_000, StatusCode::OK), (60_001, StatusCode::SERVICE_UNAVAILABLE)] {
            move_to(&world, verified_at, Duration::from_millis(offset));
            assert_eq!(info(&world, owner.token()), expected, "{offset}");
        }
    }
}

/// Signing out is told at once where it happened and wherever the cache obeys; the bound is for the rest.
#[test]
fn the_token_that_ends_itself_is_forgotten_here_and_in_the_cache() {
    for end in ["/v2/token", "/v2/sessions/my", "/v2/sessions"] {
        let world = World::default();
        let (owner, _) = world.sign_up("john@example.com");
        owner.get("/v2/info");
        assert_eq!(world.cache.values().len(), 1);
        let kinds = world.cache.calls_by_kind();
        let answer = owner.delete(end);
        assert_eq!((answer.status, answer.calls.cache), (StatusCode::OK, 0), "{end}: nobody waits for it");
        assert!(world.cache.values().is_empty(), "{end}");
        assert_eq!(world.cache.calls_by_kind().deletes, kinds.deletes + 1, "{end}");
        assert_eq!(info(&world, owner.token()), StatusCode::UNAUTHORIZED, "{end}: here");
        assert_eq!(info(&world.reconfigured(&[]), owner.token()), StatusCode::UNAUTHORIZED, "{end}: elsewhere");
    }
    let world = World::with(&[("INTROSPECTION_CACHE", "isolate")]);
    let (owner, _) = world.sign_up("john@example.com");
    owner.get("/v2/info");
    owner.delete("/v2/sessions/my");
    assert_eq!(info(&world, owner.token()), StatusCode::UNAUTHORIZED);
    assert_eq!(world.cache.calls(), 0, "a deployment without KV does not touch it");
}
