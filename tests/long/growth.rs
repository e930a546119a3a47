//! A million accounts, a hundred thousand of them in one organization: rows read stay proportional to rows returned.

use std::time::Duration;

use global_accounts::domain::email::Email;
use global_accounts::domain::id::AccountId;
use global_accounts::oauth::envelope::Kind;
use global_accounts::ports::{Clock as _, Statement};
use global_accounts::store::audit::Filter;
use global_accounts::store::{access_tokens, accounts, audit, authorization};

use crate::support::client::{Answer, World};
use crate::support::oauth::{SECRET, SignedIn, text};
use crate::support::visits::{Cost, cost};

const CLIENT: &str = "0123456789abcdef0123456789abcdef";
/// The year 2286.
const LATE: i64 = 9_999_999_999_999;
const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];

/// Fills the database to `accounts` in all, with an audit entry each; every tenth of them in the big
/// organization, and signed in to an application of it. Without `ANALYZE`, as in production: nobody collects statistics.
fn load(world: &World, big: &str, accounts: usize) {
    let connection = world.database.raw();
    let (owner_role, member_role) = ("728b99be-848c-11ea-9b91-005056a00001", "728b99be-848c-11ea-9b91-005056a00002");
    let script = format!(
        "BEGIN;
         CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {accounts}) SELECT i FROM n;
         INSERT INTO organization (organization_id, created_at, updated_at)
           SELECT printf('0000aaaa-0000-7000-8000-%012x', i / 100), 1, 1 FROM n WHERE i % 100 = 1;
         INSERT INTO account (account_id, email, email_key, created_at, updated_at)
           SELECT printf('0000bbbb-0000-7000-8000-%012x', i), printf('m%d@example.com', i), printf('m%d@example.com', i), i, i FROM n;
         INSERT INTO membership (organization_id, account_id, created_at, updated_at)
           SELECT iif(i % 10 = 0, '{big}', printf('0000aaaa-0000-7000-8000-%012x', (i - i % 100) / 100)),
             printf('0000bbbb-0000-7000-8000-%012x', i), 1, 1 FROM n;
         INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
           SELECT organization_id, account_id, '{owner_role}', 'Accounts', 'primary', 1 FROM n
           JOIN membership ON account_id = printf('0000bbbb-0000-7000-8000-%012x', i) WHERE i % 100 = 1;
         INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
           SELECT organization_id, account_id, '{member_role}', 'Accounts', 'primary', 1 FROM n
           JOIN membership ON account_id = printf('0000bbbb-0000-7000-8000-%012x', i) WHERE i % 100 <> 1;
         INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, target_kind, target_id, request_id)
           SELECT printf('0000cccc-%04x-7000-8000-%012x', i / 65536, i), i, iif(i % 2, 'account.create', 'account.update'),
             iif(i % 10 = 0, '{big}', 'other'), 'account', printf('0000bbbb-0000-7000-8000-%012x', i), 'account',
             printf('0000bbbb-0000-7000-8000-%012x', i), 'r' FROM n;
         INSERT INTO client (client_id, organization_id, name, type, created_at, updated_at)
           VALUES ('{CLIENT}', '{big}', 'App', 'javascript_app', 1, 1);
         INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at, seen_at,
             idle_expires_at, expires_at)
           SELECT printf('s%d', i), printf('0000bbbb-0000-7000-8000-%012x', i), 0, 'credentials', 1, 1, 1, {LATE}, {LATE}
           FROM n WHERE i % 10 = 0;
         INSERT INTO refresh_family (family_id, account_id, organization_id, client_id, session_id, scopes, account_epoch,
             membership_epoch, client_epoch, created_at, expires_at)
           SELECT session_id, account_id, '{big}', '{CLIENT}', session_id, '[\"accounts--my:rw\"]', 0, 0, 0, 1, {LATE}
           FROM session WHERE session_id LIKE 's%';
         INSERT INTO refresh_token (token_digest, family_id, created_at, expires_at)
           SELECT family_id, family_id, 1, {LATE} FROM refresh_family WHERE family_id LIKE 's%';
         INSERT INTO access_token (token_digest, account_id, organization_id, client_id, session_id, family_id, scopes,
             account_epoch, membership_epoch, created_at, expires_at)
           SELECT family_id, account_id, organization_id, client_id, session_id, family_id, scopes, 0, 0, 1, {LATE}
           FROM refresh_family WHERE family_id LIKE 's%';
         DROP TABLE n;
         COMMIT;"
    );
    connection.execute_batch(&script).expect("a large database");
}

#[test]
fn rows_read_are_proportional_to_rows_returned() {
    let mut table: Vec<(&str, Vec<Cost>)> = Vec::new();
    for size in SIZES {
        let world = World::default();
        let (_, created) = world.sign_up("owner@example.com");
        let big = created["organization"]["organization_id"].as_str().expect("an id");
        load(&world, big, size);
        let token =
            world.app().open(Kind::Access, created["access_token"].as_str().expect("a token")).expect("genuine");
        let middle: AccountId = format!("0000bbbb-0000-7000-8000-{:012x}", size / 2).parse().expect("an id");
        let email = Email::parse("m10@example.com").expect("an address");
        let by_action = Filter { action: Some("account.update".into()), ..Filter::default() };
        let by_actor =
            Filter { actor: Some("0000bbbb-0000-7000-8000-00000000000a".parse().expect("an id")), ..Filter::default() };
        let digest = &token.digest;
        let statements: [(&str, Statement); 9] = [
            ("introspect", access_tokens::find_live(digest, world.clock.now())),
            ("same organization", authorization::acts_in(digest, big.parse().expect("an id"), "x")),
            ("get account", accounts::get_for_caller(digest, Some(middle))),
            ("find by e-mail", accounts::find_for_caller(digest, &email)),
            ("list, first 100", accounts::list_for_caller(digest, None, 100)),
            ("list, 100 from the middle", accounts::list_for_caller(digest, Some(middle), 50)),
            ("audit log, first 50", audit::list_for_caller(digest, &Filter::default(), None, 50)),
            ("audit log by action", audit::list_for_caller(digest, &by_action, None, 50)),
            ("audit log by actor", audit::list_for_caller(digest, &by_actor, None, 50)),
        ];
        let connection = world.database.raw();
        for (at, (name, statement)) in statements.iter().enumerate() {
            if table.len() <= at {
                table.push((name, Vec::new()));
            }
            table[at].1.push(cost(&connection, statement));
        }
    }
    println!("{:<28}{}", "rows returned/read at", SIZES.map(|size| format!("{size:>16}")).concat());
    for (name, costs) in &table {
        let cells: String =
            costs.iter().map(|cost| format!("{:>16}", format!("{}/{}", cost.returned, cost.visited))).collect();
        println!("{name:<28}{cells}");
    }
    for (name, costs) in &table {
        for cost in costs {
            assert!(cost.visited <= 30 + cost.returned * 8, "{name}: {cost:?}");
        }
    }
}

/// What one call costs: steps of SQLite's machine, and microseconds of the whole call, the median of many.
struct Price {
    steps: u64,
    micros: u128,
}

/// Calls of which the median is taken.
const CALLS_OF_ONE_PRICE: usize = 51;

fn price(world: &World, call: &mut dyn FnMut() -> Answer) -> Price {
    let mut times = Vec::new();
    let mut steps = Vec::new();
    for _ in 0..CALLS_OF_ONE_PRICE {
        let before = world.database.steps();
        #[allow(clippy::disallowed_methods, reason = "measured, never asserted")]
        let began = std::time::Instant::now();
        let answer = call();
        times.push(began.elapsed().as_micros());
        steps.push(world.database.steps() - before);
        assert!(answer.status.is_success(), "{}", answer.text);
    }
    times.sort_unstable();
    steps.sort_unstable();
    Price { steps: steps[steps.len() / 2], micros: times[times.len() / 2] }
}

#[test]
fn the_cost_of_a_call_does_not_grow_with_the_accounts() {
    const CALLS: [&str; 7] = [
        "introspect, cold",
        "get account",
        "list, 100 accounts",
        "create account",
        "code exchange",
        "refresh",
        "refresh, with secret",
    ];
    let mut table: Vec<Vec<Price>> = Vec::new();
    for size in SIZES {
        let world = World::with(&[("INTROSPECTION_CACHE", "off"), ("LIMITS", "dev")]);
        let app = world.signed_in(None, &["accounts--my:rw"]);
        load(&world, &app.organization, size);
        let confidential = "0123456789abcdef0123456789abcde1";
        world.application(confidential, &app.organization, Some(SECRET));
        let kept = world.grant(confidential, &app.account, &app.organization, &app.session, &["accounts--my:rw"]);
        let kept = SignedIn {
            client_id: confidential.into(),
            secret: Some(SECRET),
            refresh_token: kept.refresh_token,
            ..app.clone()
        };
        let middle = format!("/v2/accounts/0000bbbb-0000-7000-8000-{:012x}", size / 20 * 10);
        let mut number = 0;
        let mut create = || {
            number += 1;
            app.owner.post("/v2/accounts", &serde_json::json!({"email": format!("new{number}@example.com")}))
        };
        let mut codes: Vec<String> = std::iter::repeat_with(|| app.code()).take(CALLS_OF_ONE_PRICE).collect();
        let mut exchange = || app.exchange(&codes.pop().expect("a code for each call"));
        let mut refresh_token = app.refresh_token.clone();
        let mut refresh = || {
            world.clock.advance(Duration::from_secs(11));
            let answer = app.refresh(&refresh_token);
            refresh_token = text(&answer, "refresh_token");
            answer
        };
        let mut refresh_kept = || {
            world.clock.advance(Duration::from_secs(11));
            kept.refresh(&kept.refresh_token)
        };
        table.push(vec![
            price(&world, &mut || app.owner.get("/v2/info")),
            price(&world, &mut || app.owner.get(&middle)),
            price(&world, &mut || app.owner.get("/v2/accounts?limit=100")),
            price(&world, &mut create),
            price(&world, &mut exchange),
            price(&world, &mut refresh),
            price(&world, &mut refresh_kept),
        ]);
    }
    println!("{:<24}{}", "steps / µs at", SIZES.map(|size| format!("{size:>18}")).concat());
    for (at, name) in CALLS.iter().enumerate() {
        let cell = |prices: &Vec<Price>| format!("{:>18}", format!("{} / {}", prices[at].steps, prices[at].micros));
        println!("{name:<24}{}", table.iter().map(cell).collect::<String>());
    }
    for (at, name) in CALLS.iter().enumerate() {
        let steps = || table.iter().map(|prices| prices[at].steps);
        let (least, most) = steps().min().zip(steps().max()).expect("three sizes");
        assert!(most <= least + least / 10, "{name}: {least} steps, then {most}");
    }
}
