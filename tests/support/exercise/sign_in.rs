//! The ways of an authorization request.

use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::authorize::{LIVECHAT, but, code_request, token_request, url};
use crate::support::browser::SESSION;
use crate::support::client::{PEPPER, World};
use crate::support::oauth::REDIRECT_URI;
use crate::support::plant::MEMBER;

/// Every page and form on the ways of an authorization request, of people who are here for nothing else.
pub(super) fn authorization(world: &World, pass: &mut Pass, created: &Value) {
    const PEPPERS: &[(&str, &str)] =
        &[("PASSWORD_PEPPER", "1:bmV3LXBlcHBlci1vZi10aGUtdGVzdHMtMDAwMDAwMDAw"), ("PASSWORD_PEPPER_PREVIOUS", PEPPER)];
    let vendor = created["organization"]["organization_id"].as_str().expect("an id");
    let client = "0123456789abcdef0123456789abcde3";
    world.asks(client, vendor, "public", None);
    let browser = world.browser();
    pass.visit(&browser, "/");
    pass.visit(&browser, "/signin/signup");
    pass.visit(&browser, "/signup");
    let person = [("email", "visitor@example.com"), ("password", "BG0SaleEBL"), ("name", "Visitor")];
    pass.step(&browser, "/signup", &person);
    pass.lead(&browser, &url("/", &but(token_request(client), "flow", Some("button"))), "/", &[]);
    pass.send_form(&browser, "/consent", &[("decision", "deny")]);
    pass.lead(&browser, &url("/", &token_request(client)), "/", &[]);
    assert!(pass.step(&browser, "/consent", &[("decision", "allow")]).starts_with(REDIRECT_URI));
    let at_once = pass.lead(&browser, &url("/", &code_request(client)), "/", &[]);
    assert!(at_once.starts_with(REDIRECT_URI), "{at_once}");
    let frame = url("/", &but(token_request(client), "flow", Some("button")));
    let embedded = browser.copy();
    embedded.remove_cookie(SESSION);
    pass.lead(&embedded, &frame, "/", &[("sec-fetch-dest", "iframe")]);

    let account: String = world.database.value("SELECT account_id FROM account WHERE email = 'visitor@example.com'");
    let own: String =
        world.database.value(&format!("SELECT default_organization_id FROM account WHERE account_id = '{account}'"));
    pass.lead(&browser, &url("/", &code_request(LIVECHAT)), "/", &[]);
    pass.step(&browser, "/activate", &[("decision", "activate")]);
    let elsewhere = json!({"email": "elsewhere@example.com", "password": "BG0SaleEBL"});
    let elsewhere =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &elsewhere).json();
    let elsewhere = elsewhere["organization"]["organization_id"].as_str().expect("an id").to_owned();
    world.join(&account, &elsewhere, MEMBER);
    pass.lead(&browser, &url("/", &code_request(client)), "/", &[]);
    pass.step(&browser, "/organization", &[("organization_id", &elsewhere)]);
    world.database.execute(&format!("DELETE FROM organization_product WHERE organization_id = '{own}'"));
    let there = but(code_request(LIVECHAT), "organization_id", Some(own.as_str()));
    pass.lead(&browser, &url("/", &there), "/", &[]);
    pass.step(&browser, "/activate", &[("decision", "activate")]);
    world.database.execute(&format!(
        "INSERT INTO organization_product (organization_id, product, created_at) VALUES ('{elsewhere}', 'LiveChat', 0)"
    ));
    let there = but(code_request(LIVECHAT), "organization_id", Some(elsewhere.as_str()));
    pass.lead(&browser, &url("/", &there), "/", &[]);
    pass.send_form(&browser.copy(), "/access", &[("decision", "request")]);
    pass.step(&browser, "/access", &[("decision", "other_organization")]);

    let mut browser = browser;
    browser.world = world.reconfigured(PEPPERS);
    pass.lead(&browser, "/signin", "/signin", &[]);
    let answer = browser.copy().sign_in("visitor@example.com", "wrong-password");
    pass.answers.push((Method::POST, "/signin", answer));
    pass.step(&browser, "/signin", &person);
    let fresh = browser.world.browser();
    pass.lead(&fresh, "/signin", "/signin", &[]);
    pass.step(&fresh, "/signin", &person);
    pass.lead(&fresh, "/signout", "/signout", &[]);
    pass.send_form(&fresh, "/signout", &[]);
    pass.lead(&browser, "/signout", "/signout", &[("sec-fetch-site", "none")]);
    pass.lead(&browser, "/defaults", "/defaults", &[]);
    pass.lead(&browser, "/ooops?oauth_exception=access_denied", "/ooops", &[]);
}
