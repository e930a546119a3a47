//! Removal of what has expired.

use std::time::Duration;

use futures_executor::block_on;
use global_accounts::usecase::sweep::sweep;
use http::StatusCode;

use crate::support::client::World;

fn rows(world: &World, table: &str) -> i64 {
    world.database.value(&format!("SELECT count(*) FROM {table}"))
}

#[test]
fn t16_a_token_is_over_by_the_clock_and_gone_by_the_sweep() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    world.clock.advance(Duration::from_hours(8));
    assert_eq!(owner.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "no sweep has run");
    assert_eq!(rows(&world, "access_token"), 1);
    block_on(sweep(&world.app())).expect("a sweep");
    assert_eq!((rows(&world, "access_token"), rows(&world, "throttle")), (0, 0));
    assert_eq!(rows(&world, "session"), 1, "its own time is not over");
    world.clock.advance(Duration::from_hours(24 * 90));
    block_on(sweep(&world.app())).expect("a sweep");
    assert_eq!((rows(&world, "session"), rows(&world, "account"), rows(&world, "audit_detail")), (0, 1, 1));
    world.clock.advance(Duration::from_hours(24 * 400));
    block_on(sweep(&world.app())).expect("a sweep");
    assert_eq!((rows(&world, "audit_detail"), rows(&world, "audit_log")), (0, 1));
}

#[test]
fn what_still_lives_stays() {
    let world = World::default();
    let (owner, _) = world.sign_up("john@example.com");
    assert_eq!(block_on(sweep(&world.app())).expect("a sweep"), 0);
    assert_eq!(owner.get("/v2/accounts/me").status, StatusCode::OK);
}

#[test]
fn one_run_is_bounded_and_the_next_goes_on() {
    let world = World::default();
    world.database.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)
         INSERT INTO throttle (bucket, hits, window_started_at, expires_at) SELECT printf('x:%d', i), 1, 1, i FROM n",
    );
    let removed: Vec<u64> = (0..4).map(|_| block_on(sweep(&world.app())).expect("a sweep")).collect();
    assert_eq!(removed, [500, 500, 200, 0]);
}
