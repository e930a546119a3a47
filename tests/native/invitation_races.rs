//! Two who decide about one invitation: what each read a moment ago does not count (rows R4, R9, R10, R12).
//!
//! A page reads, then writes: the other one comes in between. The calls of the API are one batch, so that there is only an
//! order.

use http::StatusCode;
use serde_json::json;

use crate::support::authorize::PASSWORD;
use crate::support::browser::{Browser, hidden};
use crate::support::cast::Cast;
use crate::support::client::Answer;
use crate::support::invitations::PATH;

const GUEST: &str = "guest@example.com";

fn stage() -> Cast {
    let cast = Cast::default();
    cast.enable("LiveChat");
    cast
}

fn send(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = hidden(&browser.page(), "token").expect("the page's own");
    let all: Vec<_> = [("token", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
    browser.post(path, &all)
}

/// Whatever happened: one account an address, one primary role a member, one role a product, one open invitation.
fn invariants(cast: &Cast) {
    let count = |sql: &str| -> i64 { cast.world.database.value(sql) };
    assert_eq!(count("SELECT count(*) - count(DISTINCT email_key) FROM account"), 0);
    assert_eq!(
        count(
            "SELECT count(*) FROM membership WHERE 1 <> (SELECT count(*) FROM membership_role AS held
               WHERE held.organization_id = membership.organization_id AND held.account_id = membership.account_id
                 AND held.type = 'primary')"
        ),
        0
    );
    assert_eq!(cast.world.rows("pragma_foreign_key_check"), 0);
    let accepted = count("SELECT count(*) FROM invitation WHERE state = 'accepted'");
    assert_eq!(cast.audited("invitation.accept"), accepted, "each acceptance is written down once");
}

#[test]
fn r9_one_link_twenty_times_is_one_membership() {
    let cast = stage();
    cast.world.sign_up(GUEST);
    let guest: String = cast.world.database.value("SELECT account_id FROM account WHERE email = 'guest@example.com'");
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    let own: String =
        cast.world.database.value(&format!("SELECT default_organization_id FROM account WHERE account_id = '{guest}'"));
    let browsers: Vec<Browser> = (0..20).map(|_| cast.world.browser_of(&guest, &own)).collect();
    for browser in &browsers {
        browser.get(&link);
    }
    // Everybody has read before the first writes.
    for browser in &browsers {
        let answer = send(browser, "/invitation", &[("decision", "accept")]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    }
    assert_eq!(cast.roles_of(&guest), "Accounts/member,LiveChat/normal");
    assert_eq!((cast.audited("invitation.accept"), cast.state_of(&id).as_str()), (1, "accepted"));
    invariants(&cast);
}

#[test]
fn r4_two_sign_ups_by_one_link_are_one_account() {
    let cast = stage();
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let link = cast.world.link_of(&id);
    let other = "INSERT INTO account (account_id, email, email_key, created_at, updated_at)
        VALUES ('00000000-0000-7000-8000-000000000001', 'guest@example.com', 'guest@example.com', 0, 0)";
    // Between the look and the count, between the count and the writing.
    for after in [1, 2] {
        let browser = cast.world.browser();
        browser.get(&link);
        cast.world.database.execute("SAVEPOINT cell");
        cast.world.database.meanwhile(after, other);
        let answer = send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
        assert!(matches!(answer.status, StatusCode::SEE_OTHER | StatusCode::CONFLICT), "{}", answer.text);
        let page = browser.get(&link);
        assert!(page.text.contains("There is an account with this address"), "{}", page.text);
        assert_eq!(
            (cast.world.rows("account WHERE email_key = 'guest@example.com'"), cast.state_of(&id).as_str()),
            (1, "approved")
        );
        cast.world.database.execute("ROLLBACK TO cell");
        cast.world.database.execute("RELEASE cell");
    }
    let pages: Vec<Browser> = (0..20).map(|_| cast.world.browser()).collect();
    for browser in &pages {
        browser.get(&link);
    }
    for (at, browser) in pages.iter().enumerate() {
        cast.world.come_from(&format!("198.51.100.{at}"));
        send(browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
    }
    assert_eq!(cast.world.rows("account WHERE email_key = 'guest@example.com'"), 1);
    assert_eq!(
        cast.world
            .rows("session WHERE account_id = (SELECT account_id FROM account WHERE email_key = 'guest@example.com')"),
        1
    );
    invariants(&cast);
}

#[test]
fn approving_and_declining_at_once_leaves_one_decision() {
    for approve_first in [true, false] {
        let cast = stage();
        let id = cast.ask_for(&cast.member, GUEST, "LiveChat");
        let path = format!("{PATH}/{id}");
        let approve = || cast.owner.client.put(&path, &json!({"role": "normal"})).status;
        let decline = || cast.administrator.client.delete(&path).status;
        let statuses = match approve_first {
            true => (approve(), decline()),
            false => {
                let declined = decline();
                (approve(), declined)
            }
        };
        match approve_first {
            true => assert_eq!(
                (statuses, cast.state_of(&id).as_str()),
                ((StatusCode::OK, StatusCode::NO_CONTENT), "declined")
            ),
            false => {
                assert_eq!(
                    (statuses, cast.state_of(&id).as_str()),
                    ((StatusCode::CONFLICT, StatusCode::NO_CONTENT), "declined")
                );
                assert_eq!((cast.world.rows("mail_token"), cast.told("invitation").as_str()), (0, ""));
            }
        }
        invariants(&cast);
    }
}

#[test]
fn r10_accepting_against_the_end_of_the_role_or_the_product_leaves_nothing_dangling() {
    for (change, path) in [("role", "/v2/roles/"), ("product", "/v2/organizations/my/products/LiveChat")] {
        for accept_first in [true, false] {
            let cast = stage();
            let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro"});
            let role = cast.owner.client.post("/v2/roles", &role).json()["role_id"].as_str().expect("an id").to_owned();
            let id = cast.invite(GUEST, "LiveChat", "night shift");
            let browser = cast.world.browser();
            browser.get(&cast.world.link_of(&id));
            let accept = || send(&browser, "/invitation/signup", &[("name", "Ewa"), ("password", PASSWORD)]);
            let path = if change == "role" { format!("{path}{role}") } else { path.to_owned() };
            let end = || assert_eq!(cast.owner.client.delete(&path).status, StatusCode::OK);
            if accept_first {
                assert_eq!(accept().status, StatusCode::SEE_OTHER);
                end();
                let guest: String =
                    cast.world.database.value("SELECT account_id FROM account WHERE email = 'guest@example.com'");
                assert_eq!(cast.roles_of(&guest), "Accounts/member", "{change}");
            } else {
                end();
                assert_eq!(accept().status, StatusCode::SEE_OTHER);
                assert_eq!(cast.world.rows("account WHERE email = 'guest@example.com'"), 0, "{change}");
                assert_eq!(cast.state_of(&id), "approved");
            }
            invariants(&cast);
        }
    }
}

#[test]
fn a_member_added_between_the_page_s_look_and_its_writing_is_a_member_once() {
    let cast = stage();
    let guest = cast.world.sign_up(GUEST).1;
    let (account, own) = (
        guest["account_id"].as_str().expect("an id"),
        guest["organization"]["organization_id"].as_str().expect("an id"),
    );
    let member = cast.role("Accounts", "member");
    let join = format!(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES ('{0}', '{account}', 0, 0);
         INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
           VALUES ('{0}', '{account}', '{member}', 'Accounts', 'primary', 0);",
        cast.organization
    );
    for (product, role, expected) in
        [("LiveChat", "normal", "Accounts/member,LiveChat/normal"), ("Accounts", "administrator", "Accounts/member")]
    {
        let id = cast.invite(GUEST, product, role);
        let browser = cast.world.browser_of(account, own);
        browser.get(&cast.world.link_of(&id));
        cast.world.database.execute("SAVEPOINT cell");
        cast.world.database.meanwhile(1, &join);
        let answer = send(&browser, "/invitation", &[("decision", "accept")]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(cast.roles_of(account), expected, "an invitation promotes nobody who is there already");
        invariants(&cast);
        cast.world.database.execute("ROLLBACK TO cell");
        cast.world.database.execute("RELEASE cell");
    }
}

#[test]
fn r12_accepting_an_invitation_to_an_organization_that_is_gone_leaves_nothing() {
    let cast = stage();
    let guest = cast.world.sign_up(GUEST).1;
    let (account, own) = (
        guest["account_id"].as_str().expect("an id"),
        guest["organization"]["organization_id"].as_str().expect("an id"),
    );
    let id = cast.invite(GUEST, "LiveChat", "normal");
    let browser = cast.world.browser_of(account, own);
    let link = cast.world.link_of(&id);
    browser.get(&link);
    cast.world
        .database
        .meanwhile(1, &format!("DELETE FROM organization WHERE organization_id = '{}'", cast.organization));
    let answer = send(&browser, "/invitation", &[("decision", "accept")]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert_eq!(browser.get(answer.header("location")).status, StatusCode::NOT_FOUND);
    assert_eq!(cast.world.rows(&format!("membership WHERE organization_id = '{}'", cast.organization)), 0);
    assert_eq!(cast.world.rows("account WHERE email_verified = 1"), 0);
    assert_eq!(cast.world.rows("pragma_foreign_key_check"), 0);
}
