//! Mails, their links, and their sender.

use global_accounts::oauth::mail_link::Purpose;
use global_accounts::usecase::mail::send::send_all_due;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::Pass;
use crate::support::client::World;

/// Every mail with a link, and what the link does; then the sender: without an address, with a mailer that refuses, and
/// with one that does not.
pub(super) fn mails(world: &World, pass: &mut Pass) {
    const EMAIL: &str = "/v2/accounts/me/email";
    const VERIFICATION: &str = "/v2/accounts/me/email/verification";
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let sign_up = json!({"email": "writer@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    let writer = world.bearer(&text(&created["access_token"]));
    let contact = world.reconfigured(&[("SECURITY_CONTACT", "mailto:security@example.com")]);
    pass.get(&contact.anonymous(), "/.well-known/security.txt", "/.well-known/security.txt");
    let browser = world.browser_of(&account, &organization);
    pass.lead(&browser, "/.well-known/change-password", "/.well-known/change-password", &[]);

    pass.send(&writer, Method::POST, VERIFICATION, VERIFICATION, &Value::Null);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/email/verification", &[]);
    pass.use_link(world, Purpose::Verify, &[]);
    let change = json!({"email": "other@example.com"});
    pass.send(&writer, Method::POST, EMAIL, EMAIL, &change);
    let change = json!({"email": "other@example.com", "password": "BG0SaleEBL"});
    pass.send(&writer, Method::POST, EMAIL, EMAIL, &change);
    pass.visit(&browser, "/account");
    let change = [("email", "another@example.com"), ("proof_password", "BG0SaleEBL")];
    pass.send_form(&browser, "/account/email", &change);
    pass.use_link(world, Purpose::EmailChange, &[]);
    pass.use_link(world, Purpose::EmailUndo, &[]);
    let reader = world.browser();
    pass.visit(&reader, "/forgot");
    pass.send_form(&reader, "/forgot", &[("email", "writer@example.com")]);
    let done = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&reader, &done, "/forgot", &[]);
    pass.use_link(world, Purpose::Reset, &[("password", "another-one-9")]);

    futures_executor::block_on(send_all_due(&world.app())).expect("a count");
    let sender = world.reconfigured(&[("MAIL_FROM", "accounts@example.com")]);
    sender.mailer.refuse(Some("E_EXAMPLE"));
    futures_executor::block_on(send_all_due(&sender.app())).expect("the sender's work");
    sender.mailer.refuse(None);

    // What only the strict profile asks the database; its answer and its line are not among those of this pass.
    let mut quiet = world.reconfigured(&[("PROFILE", "strict")]);
    quiet.log = Default::default();
    let known = json!({"email": "writer@example.com", "password": "a-long-enough-password"});
    assert_eq!(quiet.anonymous().post("/v2/organizations", &known).status, StatusCode::OK);
}
