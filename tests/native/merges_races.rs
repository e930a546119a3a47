//! Merges and whatever else happens to the same two organizations at the same moment (rows R1, R2, R10, R12).

use http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{ADMINISTRATOR, Cast};
use crate::support::client::{Answer, Client};
use crate::support::mergers::{Mergers, PASSWORD};

const AT_ONCE: usize = 20;
const ROUNDS: usize = 10;

/// All calls at once, each from a thread of its own.
fn race(calls: Vec<Box<dyn Fn() -> Answer + Send + Sync>>) -> Vec<StatusCode> {
    std::thread::scope(|scope| {
        let tasks: Vec<_> = calls.iter().map(|call| scope.spawn(|| call().status)).collect();
        tasks.into_iter().map(|task| task.join().expect("an answer")).collect()
    })
}

fn call(client: &Client, path: &str, body: Value) -> Box<dyn Fn() -> Answer + Send + Sync> {
    let (client, path) = (client.clone(), path.to_owned());
    Box::new(move || client.post(&path, &body))
}

fn removal(client: &Client, path: &str) -> Box<dyn Fn() -> Answer + Send + Sync> {
    let (client, path) = (client.clone(), path.to_owned());
    Box::new(move || client.delete(&path))
}

fn done(mergers: &Mergers) -> bool {
    mergers.a.world.rows("organization_merge WHERE state = 'done'") == 1
}

/// Whatever won: B is part of A and nothing is left of it, or it is as it was.
fn settled(mergers: &Mergers, approved: bool) {
    assert_eq!(done(mergers), approved);
    let there = mergers.a.world.rows(&format!("organization WHERE organization_id = '{}'", mergers.b.organization));
    assert_eq!(there, i64::from(!approved));
    if approved {
        mergers.invariants();
        let me = mergers.b.member.client.get("/v2/accounts/me").status;
        assert_eq!(me, StatusCode::UNAUTHORIZED, "nothing of B is alive");
    } else {
        assert_eq!(mergers.b.owner.client.get("/v2/accounts/me").status, StatusCode::OK);
    }
    assert_eq!(mergers.a.audited("organization.merge"), i64::from(approved));
}

#[test]
fn of_many_approvals_at_once_one_wins() {
    for password in [None, Some(PASSWORD)] {
        let mergers = Mergers::default();
        let merge = mergers.ask(&json!({})).json();
        let path = format!("{}/approve", mergers.path(&merge));
        let approve = || call(&mergers.b.owner.client, &path, json!({"password": password}));
        let statuses = race((0..AT_ONCE).map(|_| approve()).collect());
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
        let lost = [StatusCode::OK, StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS];
        assert!(statuses.iter().all(|status| lost.contains(status)), "{statuses:?}");
        settled(&mergers, true);
        assert_eq!(mergers.a.world.rows("outbox WHERE template = 'merge_done'"), 2);
        assert_eq!(mergers.a.world.rows("audit_log WHERE action = 'account.merge'"), 3);
    }
}

#[test]
fn of_many_requests_at_once_one_is_open() {
    let mergers = Mergers::default();
    let wish = || json!({"source_organization_id": mergers.b.organization});
    let ask = |_| call(&mergers.a.owner.client, "/v2/organizations/my/merges", wish());
    let statuses = race((0..AT_ONCE).map(ask).collect());
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::CREATED).count(), 1, "{statuses:?}");
    assert_eq!(mergers.a.world.rows("organization_merge"), 1);
    assert_eq!(mergers.a.world.rows("outbox WHERE template = 'merge_requested'"), 1);
}

#[test]
fn an_approval_and_a_withdrawal_do_not_both_win() {
    for round in 0..ROUNDS {
        let mergers = Mergers::default();
        let merge = mergers.ask(&json!({})).json();
        let path = mergers.path(&merge);
        let withdrawer = if round % 2 == 0 { &mergers.a.owner.client } else { &mergers.b.owner.client };
        let mut calls: Vec<_> = (0..AT_ONCE / 2).map(|_| removal(withdrawer, &path)).collect();
        calls.push(call(&mergers.b.owner.client, &format!("{path}/approve"), json!({})));
        calls.rotate_left(round);
        let statuses = race(calls);
        assert_eq!(statuses.iter().filter(|status| **status == StatusCode::OK).count(), 1, "{statuses:?}");
        settled(&mergers, done(&mergers));
    }
}

#[test]
fn r1_an_approval_and_a_transfer_of_either_organization_leave_one_owner() {
    for round in 0..ROUNDS {
        for of_source in [false, true] {
            let mergers = Mergers::default();
            let merge = mergers.ask(&json!({})).json();
            let path = format!("{}/approve", mergers.path(&merge));
            let cast = if of_source { &mergers.b } else { &mergers.a };
            let body = json!({"account_id": cast.administrator.id});
            let mut calls = vec![
                call(&cast.owner.client, "/v2/organizations/my/ownership", body),
                call(&mergers.b.owner.client, &path, json!({})),
            ];
            calls.rotate_left(round % 2);
            let mut statuses = race(calls);
            statuses.rotate_right(round % 2);
            let (transferred, approved) = (statuses[0] == StatusCode::OK, statuses[1] == StatusCode::OK);
            settled(&mergers, approved);
            match of_source {
                true => assert_ne!(transferred, approved, "{statuses:?}: the first wins"),
                false => assert!(transferred, "{statuses:?}"),
            }
            if approved {
                let role = |person: &str| mergers.a.roles_of(person);
                assert_eq!(role(&mergers.b.owner.id), "Accounts/administrator");
            }
        }
    }
}

#[test]
fn r12_whoever_joins_or_gets_a_token_at_that_moment_is_moved_or_refused() {
    for round in 0..ROUNDS {
        let mergers = Mergers::default();
        let merge = mergers.ask(&json!({})).json();
        let owner = &mergers.b.owner.client;
        let mut calls = vec![call(owner, &format!("{}/approve", mergers.path(&merge)), json!({}))];
        for at in 0..6 {
            calls.push(call(owner, "/v2/accounts", json!({"email": format!("new{at}@example.com")})));
            let token = json!({"name": "script", "scope": "accounts--my:ro"});
            calls.push(call(&mergers.b.administrator.client, "/v2/personal_token", token));
            let app =
                json!({"name": "App", "type": "javascript_app", "redirect_uri": "https://a.example", "scopes": []});
            calls.push(call(owner, "/v2/clients", app));
        }
        calls.rotate_left(round);
        let statuses = race(calls);
        let allowed = [StatusCode::OK, StatusCode::CREATED, StatusCode::UNAUTHORIZED];
        assert!(statuses.iter().all(|status| allowed.contains(status)), "{statuses:?}");
        settled(&mergers, true);
        assert_eq!(mergers.a.world.rows("personal_token"), 0);
    }
}

#[test]
fn r10_a_role_that_goes_or_a_product_that_begins_at_that_moment_leaves_nothing_loose() {
    for round in 0..ROUNDS {
        let mergers = Mergers::rich();
        let role: String = mergers.a.world.database.value("SELECT role_id FROM role WHERE role = 'night shift'");
        let merge = mergers.ask(&json!({"LiveChat": mergers.b.organization})).json();
        let (a, b) = (&mergers.a.owner.client, &mergers.b.owner.client);
        let mut calls = vec![
            call(b, &format!("{}/approve", mergers.path(&merge)), json!({})),
            removal(b, &format!("/v2/roles/{role}")),
            call(b, "/v2/organizations/my/products", json!({"product": "HelpDesk"})),
            call(a, "/v2/organizations/my/products", json!({"product": "ChatBot"})),
            removal(b, "/v2/organizations/my/products/LiveChat"),
        ];
        calls.rotate_left(round % 5);
        let mut statuses = race(calls);
        statuses.rotate_right(round % 5);
        assert!(statuses.iter().all(|status| !status.is_server_error()), "{statuses:?}");
        match statuses[0] {
            StatusCode::OK => settled(&mergers, true),
            StatusCode::CONFLICT => settled(&mergers, false),
            other => panic!("{other}"),
        }
    }
}

/// A password is hashed between the two round trips of an approval; what happens there counts.
#[test]
fn what_changes_between_the_two_round_trips_is_noticed() {
    let withdrawn = |_: &Mergers| "UPDATE organization_merge SET state = 'withdrawn', closed_at = 1".to_owned();
    let suspended =
        |mergers: &Mergers| format!("UPDATE session SET ended_at = 1 WHERE account_id = '{}'", mergers.b.owner.id);
    let password = |_: &Mergers| "UPDATE password SET phc = phc || 'x'".to_owned();
    let owner = |mergers: &Mergers| {
        format!(
            "DELETE FROM membership_role WHERE account_id = '{}';
             UPDATE membership_role SET account_id = '{}' WHERE account_id = '{}'",
            mergers.b.administrator.id, mergers.b.administrator.id, mergers.b.owner.id
        )
    };
    type Case<'a> = (&'a dyn Fn(&Mergers) -> String, StatusCode);
    let cases: [Case<'_>; 4] = [
        (&withdrawn, StatusCode::CONFLICT),
        (&suspended, StatusCode::UNAUTHORIZED),
        (&password, StatusCode::FORBIDDEN),
        (&owner, StatusCode::NOT_FOUND),
    ];
    for (meanwhile, status) in cases {
        let mergers = Mergers::default();
        let merge = mergers.ask(&json!({})).json();
        let sql = meanwhile(&mergers);
        mergers.a.world.database.meanwhile(1, &sql);
        let path = format!("{}/approve", mergers.path(&merge));
        let answer = mergers.b.owner.client.post(&path, &json!({"password": PASSWORD}));
        assert_eq!((answer.status, answer.calls.database), (status, 2), "{sql}: {}", answer.text);
        assert!(!done(&mergers), "{sql}");
        assert_eq!(mergers.a.audited("organization.merge"), 0);
    }
}

/// Row R13: the answer of a merge that happened is lost; asking again does nothing twice.
#[test]
fn r13_a_lost_answer_is_no_second_merge() {
    let mergers = Mergers::default();
    let merge = mergers.ask(&json!({})).json();
    let world = &mergers.a.world;
    world.database.set_fault(Some(crate::support::sqlite::Fault::AfterCommit));
    assert_eq!(mergers.approve(&merge).status, StatusCode::SERVICE_UNAVAILABLE);
    world.database.set_fault(None);
    assert_eq!(mergers.approve(&merge).status, StatusCode::UNAUTHORIZED);
    settled(&mergers, true);
    assert_eq!(mergers.a.owner.client.get(&mergers.path(&merge)).json()["state"], "done");
}

/// How many statements a merge takes, and how many steps SQLite needs for each account.
#[test]
fn ten_thousand_accounts_move_in_one_batch_at_the_price_of_so_many() {
    let cost = |people: usize| -> (u32, u64) {
        let mergers = Mergers::default();
        crowd(&mergers.b, people);
        let merge = mergers.ask(&json!({})).json();
        assert_eq!(merge["preview"]["accounts"]["joining"], people + 3);
        let database = &mergers.a.world.database;
        let (statements, steps) = (database.statements(), database.steps());
        let answer = mergers.approve(&merge);
        assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
        let taken = (database.statements() - statements, database.steps() - steps);
        let members = format!("membership WHERE organization_id = '{}'", mergers.a.organization);
        assert_eq!(mergers.a.world.rows(&members), i64::try_from(people + 6).expect("a number"));
        assert_eq!(
            mergers.a.world.rows("audit_log WHERE action = 'account.merge'"),
            i64::try_from(people + 3).expect("a number")
        );
        let moved = format!("account WHERE default_organization_id = '{}'", mergers.a.organization);
        assert_eq!(mergers.a.world.rows(&moved), i64::try_from(people + 6).expect("a number"));
        mergers.invariants();
        taken
    };
    let (few, many) = (cost(100), cost(10_000));
    println!("100 accounts: {few:?}; 10,000 accounts: {many:?}");
    assert_eq!(few.0, many.0, "the same statements");
    assert!(few.0 < 60, "{few:?}");
    assert!(many.1 < few.1 * 110, "steps grow with the accounts, no faster: {few:?} {many:?}");
}

/// So many members more, each with three roles, a token and a default organization.
fn crowd(cast: &Cast, people: usize) {
    for product in ["LiveChat", "HelpDesk"] {
        cast.enable(product);
    }
    let organization = &cast.organization;
    let roles = [ADMINISTRATOR.to_owned(), cast.role("LiveChat", "normal"), cast.role("HelpDesk", "viewer")];
    let mut sql = String::from("BEGIN;");
    for number in 0..people {
        let id = format!("0190aaaa-0000-7000-8000-{number:012}");
        sql += &format!(
            "INSERT INTO account (account_id, email, email_key, default_organization_id, created_at, updated_at)
               VALUES ('{id}', 'p{number}@example.com', 'p{number}@example.com', '{organization}', 1, 1);
             INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{organization}', '{id}', 1, 1);
             INSERT INTO session (session_id, account_id, account_epoch, identity_source, authenticated_at, created_at, seen_at, idle_expires_at, expires_at)
               VALUES ('{id}', '{id}', 0, 'credentials', 1, 1, 1, 1, 1);
             INSERT INTO access_token (token_digest, account_id, organization_id, session_id, scopes, account_epoch, membership_epoch, created_at, expires_at)
               VALUES ('{id}', '{id}', '{organization}', '{id}', '[]', 0, 0, 1, 1);"
        );
    }
    sql += "COMMIT";
    cast.world.database.raw().execute_batch(&sql).expect("people");
    for role in roles {
        cast.world.database.execute(&format!(
            "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
             SELECT '{organization}', account_id, role_id, product, type, 1 FROM account JOIN role ON role_id = '{role}'
             WHERE account_id LIKE '0190aaaa-%'"
        ));
    }
}
