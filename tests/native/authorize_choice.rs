//! Consent, and in which organization.

use std::time::Duration;

use http::StatusCode;

use crate::support::authorize::{
    PRIVATE, PUBLIC, Stage, but, code_of, code_request, given, parameter, title, to_ooops, token_request,
};
use crate::support::browser::{Browser, EMBEDDED, SESSION};
use crate::support::client::Answer;
use crate::support::oauth::REDIRECT_URI;

const CONSENT: &str = "Allow App access to your account?";
const CHOOSE: &str = "Choose an organization";

/// The ids that a page offers, in order.
fn offered(answer: &Answer) -> Vec<String> {
    let parts = answer.text.split("name=\"organization_id\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().expect("a value").to_owned()).collect()
}

fn organization_of(stage: &Stage, answer: &Answer) -> String {
    let token = parameter(&given(answer, REDIRECT_URI), "access_token");
    let info = stage.world.bearer(&token).get("/v2/info").json();
    info["organization_id"].as_str().expect("an id").to_owned()
}

fn in_half_a_minute(stage: &Stage) {
    stage.world.clock.advance(Duration::from_secs(31));
}

#[test]
fn consent_is_remembered_and_asked_again_for_more() {
    let stage = Stage::default();
    let browser = stage.owner();
    let less = but(token_request(PUBLIC), "scope", Some("accounts--my:ro"));
    assert_eq!(title(&browser.ask(&less)), CONSENT);
    assert_eq!(browser.page().matches("<li>").count(), 1, "only what is asked for: {}", browser.page());
    given(&browser.post("/consent", &[("decision", "allow")]), REDIRECT_URI);
    in_half_a_minute(&stage);
    let again = browser.ask(&less);
    assert_eq!(
        (parameter(&given(&again, REDIRECT_URI), "scope").as_str(), again.calls.database),
        ("accounts--my:ro", 2)
    );
    in_half_a_minute(&stage);
    assert_eq!(title(&browser.ask(&token_request(PUBLIC))), CONSENT, "more than before");
    given(&browser.post("/consent", &[("decision", "allow")]), REDIRECT_URI);
    in_half_a_minute(&stage);
    given(&browser.ask(&token_request(PUBLIC)), REDIRECT_URI);
    let scopes: String = stage.world.database.value("SELECT scopes FROM consent");
    assert_eq!((scopes.as_str(), stage.world.rows("consent")), ("[\"accounts--my:ro\",\"organization--my:rw\"]", 1));
    // Withdrawn on the account page: asked anew.
    browser.get("/account");
    let fields = [("client_id", PUBLIC), ("organization_id", stage.cast.organization.as_str())];
    assert_eq!(browser.post("/account/applications/withdraw", &fields).status, StatusCode::SEE_OTHER);
    in_half_a_minute(&stage);
    assert_eq!(title(&browser.ask(&less)), CONSENT);
}

#[test]
fn consent_of_one_organization_or_person_is_not_anothers() {
    let stage = Stage::default();
    let member = stage.member();
    member.ask(&token_request(PUBLIC));
    given(&member.post("/consent", &[("decision", "allow")]), REDIRECT_URI);
    assert_eq!(title(&stage.owner().ask(&token_request(PUBLIC))), CONSENT, "another person");
    let second = stage.organization_of(&stage.cast.member.id, "Second");
    let there = but(token_request(PUBLIC), "organization_id", Some(second.as_str()));
    assert_eq!(title(&member.ask(&there)), CONSENT, "another organization");
    let here = but(token_request(PUBLIC), "organization_id", Some(stage.cast.organization.as_str()));
    given(&member.ask(&here), REDIRECT_URI);
}

#[test]
fn the_author_and_the_clients_own_organization_are_not_asked() {
    let stage = Stage::default();
    let vendor: String =
        stage.world.database.value("SELECT account_id FROM account WHERE email = 'vendor@example.com'");
    given(&stage.world.browser_of(&vendor, &stage.vendor).ask(&token_request(PUBLIC)), REDIRECT_URI);
    let owner = stage.owner();
    assert_eq!(title(&owner.ask(&token_request(PUBLIC))), CONSENT);
    stage
        .world
        .database
        .execute(&format!("UPDATE client SET created_by = '{}' WHERE client_id = '{PUBLIC}'", stage.cast.owner.id));
    given(&owner.ask(&token_request(PUBLIC)), REDIRECT_URI);
    assert_eq!(stage.world.rows("consent"), 0, "nothing was asked, nothing allowed");
}

#[test]
fn a_private_client_of_another_organization_is_denied_before_and_after_sign_in() {
    let stage = Stage::default();
    let vendor: String =
        stage.world.database.value("SELECT account_id FROM account WHERE email = 'vendor@example.com'");
    let browser = stage.world.browser_of(&vendor, &stage.vendor);
    to_ooops(&browser.ask(&token_request(PRIVATE)), "access_denied");
    let there = but(token_request(PRIVATE), "organization_id", Some(stage.cast.organization.as_str()));
    to_ooops(&browser.ask(&there), "access_denied");
    assert_eq!(stage.world.rows("authorization_request"), 0);
    let browser = stage.world.browser();
    browser.ask(&token_request(PRIVATE));
    to_ooops(&browser.follow(&browser.sign_in("vendor@example.com", "BG0SaleEBL")), "access_denied");
    // What is required and what the person's roles do not give.
    stage.world.database.execute(&format!("UPDATE client_scope SET required = 1 WHERE client_id = '{PRIVATE}'"));
    to_ooops(&stage.member().ask(&token_request(PRIVATE)), "access_denied");
    assert_eq!(stage.world.answers(), 0);
}

#[test]
fn organization_id_preselects_ones_own_and_no_other() {
    let stage = Stage::default();
    let second = stage.second("Second");
    stage.world.database.execute(&format!("UPDATE client SET created_by = '{}'", stage.cast.owner.id));
    let browser = stage.owner();
    assert_eq!(title(&browser.ask(&token_request(PUBLIC))), CHOOSE);
    for organization in [&second, &stage.cast.organization] {
        let answer = browser.ask(&but(token_request(PUBLIC), "organization_id", Some(organization.as_str())));
        assert_eq!(organization_of(&stage, &answer), *organization);
    }
    let before = stage.world.answers();
    for foreign in [stage.vendor.as_str(), "00000000-0000-7000-8000-000000000000"] {
        to_ooops(&browser.ask(&but(token_request(PUBLIC), "organization_id", Some(foreign))), "access_denied");
    }
    for malformed in ["x", "1", "%", "' OR 1=1 --"] {
        to_ooops(&browser.ask(&but(token_request(PUBLIC), "organization_id", Some(malformed))), "invalid_request");
    }
    assert_eq!(stage.world.answers(), before);
}

/// Chosen on the page; the cookies change with what they open (row A19).
#[test]
fn a19_a_choice_changes_the_cookies_and_where_the_pages_act() {
    let stage = Stage::default();
    let second = stage.second("");
    stage.world.database.execute(&format!("UPDATE client SET created_by = '{}'", stage.cast.owner.id));
    let browser = stage.owner();
    let page = browser.ask(&token_request(PUBLIC));
    assert_eq!(title(&page), CHOOSE);
    assert_eq!(offered(&page), [stage.cast.organization.clone(), second.clone()], "the default one first");
    assert_eq!(page.text.matches(second.as_str()).count(), 2, "an empty name is shown as its id: {}", page.text);
    let old = browser.copy();
    let chosen = browser.post("/organization", &[("organization_id", &second)]);
    assert_eq!((chosen.status, chosen.calls.database), (StatusCode::SEE_OTHER, 2));
    for name in [SESSION, EMBEDDED] {
        assert!(browser.cookie(name).is_some() && browser.cookie(name) != old.cookie(name), "A19 {name}");
    }
    assert_eq!(old.get("/account").header("location"), "/?identity_exception=unauthorized", "A19: the old one is dead");
    let frame = old.ask_framed(&but(token_request(PUBLIC), "flow", Some("button")));
    assert!(frame.text.contains("unauthorized"), "A19: the embedded one too");
    assert_eq!(stage.world.rows("audit_log WHERE action = 'session.choose_organization'"), 1);
    assert_eq!(organization_of(&stage, &browser.follow(&chosen)), second);
    let acts: String = stage.world.database.value("SELECT organization_id FROM session_organization");
    assert_eq!(acts, second);
    // The last choice is offered first from now on.
    in_half_a_minute(&stage);
    assert_eq!(offered(&browser.ask(&token_request(PUBLIC))), [second, stage.cast.organization.clone()]);
}

#[test]
fn the_order_is_last_choice_default_age_and_ended_products_last() {
    let stage = Stage::default();
    let [b, c, d] = ["B", "C", "D"].map(|name| stage.second(name));
    let a = stage.cast.organization.clone();
    let browser = stage.owner();
    let order = |browser: &Browser| offered(&browser.ask(&token_request(PUBLIC)));
    assert_eq!(order(&browser), [&a, &b, &c, &d].map(String::clone), "default, then age");
    stage.world.database.execute(&format!(
        "UPDATE account SET default_organization_id = '{c}' WHERE account_id = '{}'",
        stage.cast.owner.id
    ));
    assert_eq!(order(&browser), [&c, &a, &b, &d].map(String::clone), "the default one is respected");
    stage.world.database.execute(&format!("UPDATE membership SET chosen_at = 5 WHERE organization_id = '{d}'"));
    assert_eq!(order(&browser), [&d, &c, &a, &b].map(String::clone), "the last choice first");
    for (organization, state) in [(&d, "expired"), (&a, "cancelled"), (&b, "active")] {
        stage.enable(organization, "LiveChat", state);
    }
    let page = browser.ask(&token_request(PUBLIC));
    assert_eq!(offered(&page), [&c, &b, &d, &a].map(String::clone), "ended products last");
    assert_eq!(page.text.matches("No active products").count(), 2, "{}", page.text);
    assert!(page.text.contains("LiveChat"), "the products that each has");
    stage.world.database.execute(&format!("UPDATE membership SET suspended = 1 WHERE organization_id = '{b}'"));
    assert_eq!(order(&browser), [&c, &d, &a].map(String::clone), "a suspended membership is none");
}

#[test]
fn z4_a_choice_of_another_organization_changes_nothing() {
    let stage = Stage::default();
    let second = stage.second("Second");
    let browser = stage.owner();
    browser.ask(&code_request(PUBLIC));
    stage.world.database.execute(&format!("UPDATE membership SET suspended = 1 WHERE organization_id = '{second}'"));
    let before = stage.world.database.dump();
    for foreign in [stage.vendor.as_str(), second.as_str(), "00000000-0000-7000-8000-000000000000"] {
        to_ooops(&browser.copy().post("/organization", &[("organization_id", foreign)]), "access_denied");
    }
    for malformed in ["", "x", "' OR 1=1 --"] {
        to_ooops(&browser.copy().post("/organization", &[("organization_id", malformed)]), "invalid_request");
    }
    assert!(stage.world.database.dump() == before);
    code_of(&{
        let chosen = browser.post("/organization", &[("organization_id", &stage.cast.organization)]);
        assert_eq!(title(&browser.follow(&chosen)), CONSENT);
        browser.post("/consent", &[("decision", "allow")])
    });
}

#[test]
fn the_launch_page_leads_on_without_an_application() {
    let stage = Stage::default();
    let second = stage.second("");
    for product in ["LiveChat", "HelpDesk", "ChatBot"] {
        stage.enable(&stage.cast.organization, product, "active");
    }
    stage.enable(&second, "TeamChat", "trial");
    stage.world.database.execute("UPDATE account SET default_product = 'HelpDesk'");
    stage.world.database.execute("UPDATE organization_product SET state = 'expired' WHERE product = 'ChatBot'");
    let browser = stage.world.browser();
    assert_eq!(title(&browser.get("/")), "Sign in");
    let page = browser.follow(&browser.sign_in("owner@example.com", "BG0SaleEBL"));
    assert_eq!(title(&page), "Your products");
    let at = |text: &str| page.text.find(text);
    assert!(at("https://helpdesk.example/") < at("https://livechat.example/"), "the default product first");
    assert!(at("https://helpdesk.example/").is_some() && at("chatbot.example").is_none(), "{}", page.text);
    assert_eq!(offered(&page), std::slice::from_ref(&second), "others to change to");
    assert!(page.text.matches(second.as_str()).count() == 2, "an empty name is shown as its id");

    let old = browser.cookie(SESSION);
    let page = browser.follow(&browser.post("/organization", &[("organization_id", &second)]));
    assert_ne!(browser.cookie(SESSION), old, "A19");
    assert!(
        page.text.contains("https://teamchat.example/") && !page.text.contains("helpdesk.example"),
        "{}",
        page.text
    );
    assert_eq!(title(&browser.get("/")), "Your products", "signed in already");
    assert!(browser.page().contains("https://teamchat.example/"), "where the pages act by now");
    assert_eq!(title(&browser.get("/signin")), "Sign in", "asks everybody");
    assert_eq!(stage.world.answers(), 0);
    // A decision about an application where there is none.
    browser.get("/");
    let before = stage.world.database.dump();
    for (path, decision) in [("/consent", "allow"), ("/access", "request"), ("/activate", "activate")] {
        to_ooops(&browser.copy().post(path, &[("decision", decision)]), "invalid_request");
    }
    assert!(stage.world.database.dump() == before);
}
