//! A person goes: `POST /v2/accounts/me/erasure`, the form on `/account`, and every other way in which an account ends.

use std::time::Duration;

use futures_executor::block_on;
use global_accounts::usecase::sweep::sweep;
use http::StatusCode;
use serde_json::{Value, json};

use crate::support::at_once::at_once;
use crate::support::cast::Cast;
use crate::support::client::{Answer, World};
use crate::support::person::{Ann, EMAIL, FOREIGN_IP, OPEN_INVITATION, PASSWORD};
use crate::support::plans::{explain, scans};
use crate::support::source;
use crate::support::sqlite::Sqlite;

const ERASURE: &str = "/v2/accounts/me/erasure";

fn gone(ann: &Ann) {
    let traces = ann.traces();
    assert!(traces.is_empty(), "{traces:#?}");
    let left: i64 = ann.world.database.value(&format!("SELECT count(*) FROM account WHERE account_id = '{}'", ann.id));
    assert_eq!(left, 0);
}

fn log(ann: &Ann) -> Vec<String> {
    let connection = ann.world.database.raw();
    let mut rows = connection
        .prepare(
            "SELECT audit_id || action || coalesce(actor_id, '') || coalesce(target_id, '') FROM audit_log ORDER BY 1",
        )
        .expect("a query");
    rows.query_map([], |row| row.get(0)).and_then(Iterator::collect).expect("rows")
}

#[test]
fn nothing_that_names_the_person_is_left_in_any_table() {
    for (password, trips) in [(Some(PASSWORD), 2), (None, 1)] {
        let ann = Ann::new(World::default());
        assert!(ann.traces().len() > 40, "the search finds what is there: {:#?}", ann.traces());
        let before = log(&ann);
        let client = ann.client();
        let answer = client.post(ERASURE, &json!({"email": EMAIL, "password": password}));
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "{}"));
        assert_eq!(answer.calls.database, trips);
        gone(&ann);
        let after = log(&ann);
        assert!(before.iter().all(|row| after.contains(row)), "the log only grows");
        assert_eq!(after.len(), before.len() + 2, "a row for each of the two organizations");
        for cast in [&ann.home, &ann.second] {
            let log = cast.owner.client.get("/v2/audit_log?action=account.erase").json();
            assert_eq!((&log[0]["actor"]["account_id"], &log[0]["detail"]), (&json!(ann.id), &Value::Null), "{log}");
            assert_eq!(log.as_array().map(Vec::len), Some(1));
        }
        assert_eq!(client.get("/v2/accounts/me").status, StatusCode::UNAUTHORIZED, "S4");
        assert_eq!(ann.home.owner.client.get(&format!("/v2/accounts/{}", ann.id)).status, StatusCode::NOT_FOUND);
        ann.world.clock.advance(Duration::from_hours(24 * 500));
        block_on(sweep(&ann.world.app())).expect("a sweep");
        gone(&ann);
    }
}

#[test]
fn the_page_does_the_same_and_signs_out() {
    let ann = Ann::new(World::default());
    let browser = ann.world.browser_of(&ann.id, &ann.home.organization);
    browser.get("/account");
    let answer = browser.post("/account/delete", &[("delete_email", EMAIL), ("delete_password", PASSWORD)]);
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 2), "{}", answer.text);
    assert!(answer.text.contains("Your account was deleted"), "{}", answer.text);
    assert_eq!(browser.cookie(crate::support::browser::SESSION), None);
    gone(&ann);
    assert_eq!(browser.get("/account").status, StatusCode::SEE_OTHER);
}

/// Whoever removes the last membership ends the account too. An invitation that another organization sent to the address
/// is that one's, and waits on.
#[test]
fn every_other_end_of_an_account_erases_as_much() {
    type End = fn(&Ann) -> Answer;
    let ends: [(&str, End); 3] = [
        ("the person leaves", |ann| ann.client().delete("/v2/accounts/me")),
        ("an administrator removes", |ann| ann.home.administrator.client.delete(&format!("/v2/accounts/{}", ann.id))),
        ("the organization is deleted", |ann| {
            let organization = &ann.home.organization;
            ann.home.owner.client.send(
                http::Method::DELETE,
                "/v2/organizations/my",
                json!({"organization_id": organization}).to_string().into(),
            )
        }),
    ];
    for (name, end) in ends {
        let ann = Ann::new(World::default());
        let one = ann.second.owner.client.delete(&format!("/v2/accounts/{}", ann.id));
        assert_eq!(one.status, StatusCode::OK, "{name}");
        assert!(ann.traces().len() > 30, "{name}: she has another membership");
        let answer = end(&ann);
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text);
        let open: Vec<_> =
            ann.traces().into_iter().filter(|(table, ..)| table != "invitation" && table != "mail_token").collect();
        assert!(open.is_empty(), "{name}: {open:#?}");
        let left: String = ann
            .world
            .database
            .value("SELECT group_concat(invitation_id) FROM invitation WHERE email_key LIKE 'canary%'");
        assert_eq!(left, OPEN_INVITATION, "{name}");
    }
}

#[test]
fn what_is_held_about_others_stays_as_it_is() {
    let ann = Ann::new(World::default());
    let others = |ann: &Ann| -> Vec<(String, String, String)> {
        let shared = ["audit_log", "throttle"];
        ann.world.database.dump().into_iter().filter(|(table, ..)| !shared.contains(&table.as_str())).collect()
    };
    let before = others(&ann);
    let client = ann.client();
    assert_eq!(client.post(ERASURE, &json!({"email": EMAIL})).status, StatusCode::OK);
    let mut after = others(&ann);
    for cell in &before {
        if let Some(at) = after.iter().position(|kept| kept == cell) {
            after.swap_remove(at);
        }
    }
    assert!(after.is_empty(), "nothing is new: {after:?}");
    for (table, rows) in [("account", 9), ("organization", 3), ("membership", 9), ("client", 8)] {
        assert_eq!(ann.world.rows(table), rows, "{table}");
    }
    let (kept, creator): (i64, i64) = ann
        .world
        .database
        .raw()
        .query_row("SELECT count(*), count(creator_id) FROM invitation", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("a row");
    assert_eq!((kept, creator), (1, 0), "her guest's invitation stays, and names nobody as its sender");
    let foreign: i64 =
        ann.world.database.value(&format!("SELECT count(*) FROM audit_detail WHERE ip = '{FOREIGN_IP}'"));
    assert_eq!(foreign, 0, "values of rows about her go whole");
}

#[test]
fn r3_who_owns_an_organization_transfers_it_first() {
    let ann = Ann::new(World::default());
    ann.world.sign_up("heir@example.com");
    let created = ann.client().post("/v2/organizations", &json!({"organization": {"name": "Own"}})).json();
    let own = created["organization"]["organization_id"].as_str().expect("an id").to_owned();
    let client = ann.client();
    let browser = ann.world.browser_of(&ann.id, &ann.home.organization);
    let page = browser.get("/account");
    assert!(page.text.contains("You own an organization") && !page.text.contains("delete_email"), "{}", page.text);
    let before = ann.traces();
    let answer = client.post(ERASURE, &json!({"email": EMAIL, "password": PASSWORD}));
    assert_eq!((answer.status, answer.calls.database), (StatusCode::CONFLICT, 1), "before the hash: {}", answer.text);
    let answer = browser.post("/account/delete", &[("delete_email", EMAIL), ("delete_password", PASSWORD)]);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Make somebody else its owner"), "{}", answer.text);
    assert_eq!(ann.traces(), before, "nothing happened");
    let there = ann.world.bearer(&ann.world.full_token_for(&ann.id, &own));
    let end = json!({"organization_id": own, "password": PASSWORD}).to_string();
    assert_eq!(there.send(http::Method::DELETE, "/v2/organizations/my", end.into()).status, StatusCode::OK);
    assert_eq!(client.post(ERASURE, &json!({"email": EMAIL})).status, StatusCode::OK);
    gone(&ann);
}

#[test]
fn m6_it_needs_the_address_and_a_proof() {
    let ann = Ann::new(World::default());
    let client = ann.client();
    let personal = ann.world.personal(&ann.id, &ann.home.organization, &["accounts--my:rw"]);
    ann.world.database.execute("DELETE FROM totp");
    let before = ann.traces();
    let ask = |body: Value| client.post(ERASURE, &body).status;
    assert_eq!(ask(json!({"password": PASSWORD})), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask(json!({"email": "owner@example.com", "password": PASSWORD})), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ask(json!({"email": EMAIL, "password": "not-the-password"})), StatusCode::FORBIDDEN);
    assert_eq!(ask(json!({"email": EMAIL, "code": "123456"})), StatusCode::FORBIDDEN);
    let browser = ann.world.browser_of(&ann.id, &ann.home.organization);
    ann.world.clock.advance(Duration::from_mins(10));
    assert_eq!(ask(json!({"email": EMAIL})), StatusCode::FORBIDDEN, "the sign-in is too old");
    assert_eq!(personal.post(ERASURE, &json!({"email": EMAIL, "password": PASSWORD})).status, StatusCode::FORBIDDEN);
    let seen = ann.traces();
    for (email, password) in [(EMAIL, ""), (EMAIL, "not-the-password"), ("", PASSWORD), ("a@example.com", PASSWORD)] {
        browser.get("/account");
        let answer = browser.post("/account/delete", &[("delete_email", email), ("delete_password", password)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{email} {password}");
    }
    assert_eq!(ann.traces(), seen);
    assert_eq!(seen, before, "nothing happened");
    assert_eq!(ask(json!({"email": "CANARY.Ann@example.com", "password": PASSWORD})), StatusCode::OK);
}

#[test]
fn m1_a_code_of_the_second_factor_proves_it_too() {
    let ann = Ann::new(World::default());
    ann.world.database.execute("DELETE FROM totp");
    let authenticator = ann.world.enrol(&ann.id);
    let browser = ann.world.browser_of(&ann.id, &ann.home.organization);
    ann.world.clock.advance(Duration::from_hours(1));
    assert!(browser.get("/account").text.contains("name=\"delete_code\""));
    let send = |code: &str| browser.post("/account/delete", &[("delete_email", EMAIL), ("delete_code", code)]);
    let refused = send(&authenticator.wrong());
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("delete_code-problem"), "{}", refused.text);
    assert_eq!(ann.world.count(&format!("account WHERE account_id = '{}'", ann.id)), 1);
    assert_eq!(send(&authenticator.code()).status, StatusCode::OK);
    assert_eq!(ann.world.count(&format!("account WHERE account_id = '{}'", ann.id)), 0);
}

/// Who only says that an address is theirs takes nothing from who has it.
#[test]
fn e1_an_unproven_address_withdraws_nothing_that_was_sent_to_it() {
    let cast = Cast::default();
    let squatter = cast.hire("victim@example.com", &[]);
    let other = Cast::of(cast.world.clone(), "other@example.com");
    let invited = other
        .owner
        .client
        .post("/v2/accounts/invitations", &json!({"email": "victim@example.com", "name": "V", "role": "member"}));
    assert!(invited.status.is_success(), "{}", invited.text);
    let count = |sql: &str| -> i64 { cast.world.database.value(&format!("SELECT count(*) FROM {sql}")) };
    let detail = "audit_detail WHERE detail ->> '$.after.email' = 'victim@example.com'";
    let before = (count("invitation"), count(detail));
    assert_eq!(squatter.client.post(ERASURE, &json!({"email": "victim@example.com"})).status, StatusCode::OK);
    let (invitations, details) = (count("invitation"), count(detail));
    assert_eq!(invitations, before.0, "the invitation waits");
    assert_eq!(details, before.1 - 1, "the row of the squatter's own making alone lost its values");
}

#[test]
fn twenty_at_once_are_one_end() {
    let ann = Ann::new(World::default());
    let client = ann.client();
    let answers = at_once(20, || client.post(ERASURE, &json!({"email": EMAIL})).status);
    let count = |wanted: StatusCode| answers.iter().filter(|status| **status == wanted).count();
    assert_eq!((count(StatusCode::OK), count(StatusCode::UNAUTHORIZED)), (1, 19), "{answers:?}");
    assert_eq!(ann.world.count("audit_log WHERE action = 'account.erase'"), 2);
    gone(&ann);
}

/// The plans of a trigger are in no statement's plan: each of its statements is looked at as one of its own.
#[test]
fn the_erasure_reads_by_its_indexes() {
    let schema = source::read("schema.sql");
    let trigger = schema.split_once("CREATE TRIGGER account_erasure BEFORE DELETE ON account\nBEGIN").expect("it").1;
    let body =
        trigger.split_once("\nEND;").expect("its end").0.replace("OLD.account_id", "?1").replace("OLD.email", "?1");
    let statements: Vec<&str> = body.split(';').map(str::trim).filter(|text| !text.is_empty()).collect();
    assert_eq!(statements.len(), 5);
    let database = Sqlite::default();
    for statement in statements {
        let plan = explain(&database.raw(), statement).unwrap_or_else(|error| panic!("{error}\n{statement}"));
        let scans = scans(statement, &plan);
        assert!(scans.is_empty(), "{scans:?}\n{statement}\n{}", plan.join("\n"));
    }
}
