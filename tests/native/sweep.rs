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

/// Plants expired rows of a throttle.
fn throttles(world: &World, rows: u32) {
    world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
         INSERT INTO throttle (bucket, hits, window_started_at, expires_at) SELECT printf('x:%d', i), 1, 1, i FROM n"
    ));
}

#[test]
fn a_run_is_transactions_of_bounded_size_and_a_bounded_number_of_them() {
    let world = World::default();
    throttles(&world, 1_200);
    let batches = world.database.batches();
    assert_eq!(block_on(sweep(&world.app())).expect("a sweep"), 1_200);
    assert_eq!(world.database.batches() - batches, 3, "500, 500, 200");
    throttles(&world, 15_000);
    let batches = world.database.batches();
    let removed: Vec<u64> = (0..3).map(|_| block_on(sweep(&world.app())).expect("a sweep")).collect();
    assert_eq!(removed, [10_000, 5_000, 0], "the next run goes on");
    assert_eq!(world.database.batches() - batches, 20 + 11 + 1);
}

#[test]
fn sessions_that_must_stay_do_not_keep_others_from_going() {
    let world = World::default();
    let app = world.signed_in(None, &["accounts--my:rw"]);
    world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at, seen_at,
           idle_expires_at, expires_at)
         SELECT printf('held-%d', i), '{}', 0, 'credentials', 1, 1, 1, i, i FROM n",
        app.account
    ));
    world.database.execute(&format!(
        "INSERT INTO refresh_family (family_id, account_id, organization_id, client_id, session_id, scopes, account_epoch,
           membership_epoch, client_epoch, created_at, expires_at)
         SELECT session_id, account_id, '{}', '{}', session_id, '[]', 0, 0, 0, 1, 99999999999999 FROM session
         WHERE session_id LIKE 'held-%'",
        app.organization, app.client_id
    ));
    let now = world.app().now().millis();
    world.database.execute(&format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
         INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at, seen_at,
           idle_expires_at, expires_at)
         SELECT printf('over-%d', i), '{}', 0, 'credentials', 1, 1, 1, {now} - i, {now} - i FROM n",
        app.account
    ));
    let left = |like: &str| -> i64 {
        world.database.value(&format!("SELECT count(*) FROM session WHERE session_id LIKE '{like}'"))
    };
    block_on(sweep(&world.app())).expect("a sweep");
    assert_eq!((left("held-%"), left("over-%")), (2_000, 0), "two thousand that stay are older");
}

#[test]
fn a_mail_that_was_given_up_stays_for_a_month() {
    let world = World::default();
    let now = world.app().now().millis();
    world.database.execute(&format!(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at, dead_at)
         VALUES ('dead', 'x', 'en', 'account', 'a', 1, 1, {now}), ('waiting', 'x', 'en', 'account', 'a', 1, 1, NULL)"
    ));
    for (days, left) in [(30, 2), (1, 1), (365, 1)] {
        world.clock.advance(Duration::from_hours(24 * days));
        block_on(sweep(&world.app())).expect("a sweep");
        assert_eq!(rows(&world, "outbox"), left);
    }
}

/// Rows of one hour, and for how many hours each table keeps them at most.
#[rustfmt::skip]
const HOURLY: &[(&str, u64, &str)] = &[
    ("session", 48, "INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at, seen_at, idle_expires_at, expires_at)
       SELECT key, account, 0, 'credentials', now, now, now, now + 48 * hour, now + 48 * hour FROM n"),
    ("refresh_family", 36, "INSERT INTO refresh_family (family_id, account_id, organization_id, client_id, session_id, scopes, account_epoch, membership_epoch, client_epoch, created_at, expires_at)
       SELECT key, account, organization, client, key, '[]', 0, 0, 0, now, now + 36 * hour FROM n"),
    ("refresh_token", 24, "INSERT INTO refresh_token (token_digest, family_id, created_at, expires_at)
       SELECT key, key, now, now + 24 * hour FROM n"),
    ("access_token", 8, "INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, family_id, scopes, account_epoch, membership_epoch, created_at, expires_at)
       SELECT key, account, organization, client, key, key, '[]', 0, 0, now, now + 8 * hour FROM n"),
    ("authorization_request", 1, "INSERT INTO authorization_request (request_digest, browser_digest, created_at, expires_at)
       SELECT key, key, now, now + hour / 6 FROM n"),
    ("authorization_code", 1, "INSERT INTO authorization_code (code_digest, client_id, redirect_uri, account_id, organization_id, session_id, scopes, account_epoch, membership_epoch, client_epoch, created_at, expires_at)
       SELECT key, client, 'https://a.example/', account, organization, key, '[]', 0, 0, 0, now, now + hour / 60 FROM n"),
    ("webauthn_challenge", 1, "INSERT INTO webauthn_challenge (challenge_digest, purpose, browser_digest, created_at, expires_at)
       SELECT key, 'sign_in', key, now, now + hour / 12 FROM n"),
    ("mail_token", 24, "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, created_at, expires_at)
       SELECT key, key, 'reset', key, key, now, now + 24 * hour FROM n"),
    ("outbox", 24, "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, mail_token_id, created_at, next_attempt_at, dead_at)
       SELECT key, 'reset', 'en', 'account', account, key, now, now, now + hour FROM n"),
    ("throttle", 1, "INSERT INTO throttle (bucket, hits, window_started_at, expires_at)
       SELECT key, 1, now, now + hour FROM n"),
];

#[test]
fn a_simulated_month_leaves_every_table_bounded() {
    const PER_HOUR: u64 = 25;
    let world = World::with(&[("AUDIT_DETAIL_DAYS", "2")]);
    let app = world.signed_in(None, &["accounts--my:rw"]);
    let at_rest: Vec<i64> = HOURLY.iter().map(|(table, ..)| rows(&world, table)).collect();
    let mut most = vec![0; HOURLY.len() + 1];
    for hour in 0..30 * 24 {
        let n = format!(
            "WITH RECURSIVE i(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM i WHERE i < {PER_HOUR}),
             n AS (SELECT printf('{hour}-%d', i) AS key, {} AS now, 3600000 AS hour, '{}' AS account,
               '{}' AS organization, '{}' AS client FROM i) ",
            world.app().now().millis(),
            app.account,
            app.organization,
            app.client_id
        );
        let accounts = "INSERT INTO account (account_id, email, email_key, created_at, updated_at) SELECT key, key, key, now, now FROM n";
        world.database.execute(&format!("{n}{accounts}"));
        for (_, _, insert) in HOURLY {
            world.database.execute(&format!("{n}{insert}"));
        }
        let audit = "INSERT INTO audit_log (audit_id, at, action, actor_kind, request_id) SELECT key, now, 'x', 'system', 'r' FROM n";
        world.database.execute(&format!("{n}{audit}"));
        world.database.execute(&format!("{n}INSERT INTO audit_detail (audit_id, at) SELECT key, now FROM n"));
        world.clock.advance(Duration::from_hours(1));
        let batches = world.database.batches();
        block_on(sweep(&world.app())).expect("a sweep");
        assert!(world.database.batches() - batches <= 2, "hour {hour}");
        for (at, table) in HOURLY.iter().map(|(table, ..)| *table).chain(["audit_detail"]).enumerate() {
            most[at] = most[at].max(rows(&world, table));
        }
    }
    for (at, (table, hours, _)) in HOURLY.iter().enumerate() {
        let bound = at_rest[at] + i64::try_from(PER_HOUR * hours).expect("few");
        assert!(most[at] <= bound, "{table}: {} rows, at most {bound} live", most[at]);
    }
    assert!(
        most[HOURLY.len()] <= i64::try_from(PER_HOUR * 49).expect("few") + 20,
        "audit_detail: {}",
        most[HOURLY.len()]
    );
    assert!(rows(&world, "audit_log") >= 30 * 24 * 25, "the log itself only grows");
}

#[test]
fn merges_that_did_not_come_about_are_forgotten_after_a_season_and_those_that_did_never() {
    let world = World::default();
    let (_, created) = world.sign_up("john@example.com");
    let organization = created["organization"]["organization_id"].as_str().expect("an id").to_owned();
    let now = world.app().now().millis();
    for (state, closed) in [("pending", "NULL"), ("withdrawn", "1"), ("refused", "1"), ("done", "1")] {
        world.database.execute(&format!(
            "INSERT INTO organization_merge (merge_id, organization_id, source_organization_id, state, keep, created_by,
               created_at, expires_at, closed_at)
             VALUES ('{state}', '{organization}', 'source', '{state}', '{{}}', 'somebody', 1, {now}, {closed})"
        ));
    }
    for (days, left) in [(0, 4), (89, 4), (1, 1), (4_000, 1)] {
        world.clock.advance(Duration::from_hours(24 * days));
        block_on(sweep(&world.app())).expect("a sweep");
        assert_eq!(rows(&world, "organization_merge"), left, "after {days} days more");
    }
    assert_eq!(world.database.value::<String>("SELECT state FROM organization_merge"), "done");
}
