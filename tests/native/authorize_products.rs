//! Product clients: product not activated, request access.

use http::StatusCode;

use crate::support::authorize::{LIVECHAT, LIVECHAT_URI, Stage, but, code_request, given, title, to_ooops};
use crate::support::browser::SESSION;

const NOT_ACTIVE: &str = "LiveChat is not activated";
const NO_ROLE: &str = "You have no access to LiveChat yet";

#[test]
fn the_owner_activates_the_product_and_goes_on() {
    let stage = Stage::default();
    let browser = stage.owner();
    let page = browser.ask(&code_request(LIVECHAT));
    assert_eq!(title(&page), NOT_ACTIVE);
    assert!(page.text.contains("value=\"activate\"") && !page.text.contains("other_organization"), "{}", page.text);
    let cookie = browser.cookie(SESSION);
    let activated = browser.post("/activate", &[("decision", "activate")]);
    assert_eq!(browser.cookie(SESSION), cookie, "the pages act where they did");
    given(&browser.follow(&activated), LIVECHAT_URI);
    let state: String = stage.world.database.value("SELECT state FROM organization_product WHERE product = 'LiveChat'");
    assert_eq!(state, "active");
    assert_eq!(stage.cast.roles_of(&stage.cast.owner.id), "Accounts/owner,LiveChat/administrator");
    assert_eq!(stage.cast.audited("product.enable"), 1);
    assert_eq!(stage.world.rows("consent"), 0, "a product client asks nobody");
}

#[test]
fn a19_activation_in_another_organization_moves_the_pages_there() {
    let stage = Stage::default();
    let second = stage.second("Second");
    stage.world.give_role(&stage.cast.owner.id, &second, &stage.cast.role("Accounts", "billing_editor"));
    let browser = stage.world.browser_of(&stage.cast.owner.id, &second);
    let here = but(code_request(LIVECHAT), "organization_id", Some(stage.cast.organization.as_str()));
    assert_eq!(title(&browser.ask(&here)), NOT_ACTIVE);
    let old = browser.copy();
    given(&browser.follow(&browser.post("/activate", &[("decision", "activate")])), LIVECHAT_URI);
    assert_ne!(browser.cookie(SESSION), old.cookie(SESSION), "A19");
    assert_eq!(old.get("/account").header("location"), "/?identity_exception=unauthorized", "A19");
    let acts: String = stage.world.database.value("SELECT organization_id FROM session_organization");
    assert_eq!(acts, stage.cast.organization);
    assert_eq!(stage.cast.audited("session.choose_organization"), 1);
    assert_eq!(stage.world.rows(&format!("organization_product WHERE organization_id = '{second}'")), 0);
}

#[test]
fn z1_a_member_cannot_activate_and_nothing_moves() {
    let stage = Stage::default();
    let second = stage.organization_of(&stage.cast.member.id, "Second");
    let browser = stage.world.browser_of(&stage.cast.member.id, &second);
    let here = but(code_request(LIVECHAT), "organization_id", Some(stage.cast.organization.as_str()));
    let page = browser.ask(&here);
    assert_eq!(title(&page), NOT_ACTIVE);
    assert!(!page.text.contains("value=\"activate\"") && page.text.contains("other_organization"), "{}", page.text);
    let before = stage.world.database.dump();
    to_ooops(&browser.copy().post("/activate", &[("decision", "activate")]), "access_denied");
    assert!(stage.world.database.dump() == before, "not even where the pages act");
    let again = browser.follow(&browser.post("/activate", &[("decision", "other_organization")]));
    assert_eq!(title(&again), "Choose an organization");
}

#[test]
fn an_ended_subscription_is_no_product_and_is_not_activated_by_a_form() {
    let stage = Stage::default();
    stage.world.give_role(
        &stage.cast.owner.id,
        &stage.cast.organization,
        &stage.cast.role("LiveChat", "administrator"),
    );
    let browser = stage.owner();
    browser.ask(&code_request(LIVECHAT));
    let open = browser.copy();
    for (state, usable) in
        [("trial", true), ("active", true), ("past_due", true), ("cancelled", false), ("expired", false)]
    {
        stage.world.clock.advance(std::time::Duration::from_secs(31));
        stage.enable(&stage.cast.organization, "LiveChat", state);
        let answer = browser.ask(&code_request(LIVECHAT));
        if usable {
            given(&answer, LIVECHAT_URI);
            continue;
        }
        assert_eq!(title(&answer), NOT_ACTIVE, "{state}");
        assert!(!answer.text.contains("value=\"activate\""), "{state}: billing decides that");
        let before = stage.world.database.dump();
        to_ooops(&open.copy().post("/activate", &[("decision", "activate")]), "access_denied");
        assert!(stage.world.database.dump() == before, "{state}");
    }
}

#[test]
fn who_has_no_role_in_the_product_asks_once() {
    let stage = Stage::default();
    stage.enable(&stage.cast.organization, "LiveChat", "active");
    let browser = stage.member();
    let page = browser.ask(&code_request(LIVECHAT));
    assert_eq!(title(&page), NO_ROLE);
    assert_eq!(stage.world.rows("invitation"), 0);
    let sent = browser.copy().post("/access", &[("decision", "request")]);
    assert_eq!(title(&sent), "Your request was sent");
    let row: (String, String, String, String, String) = stage
        .world
        .database
        .raw()
        .query_row("SELECT kind, state, product, account_id, organization_id FROM invitation", [], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })
        .expect("one request");
    let expected = ("request", "pending", "LiveChat", stage.cast.member.id.as_str(), stage.cast.organization.as_str());
    assert_eq!((row.0.as_str(), row.1.as_str(), row.2.as_str(), row.3.as_str(), row.4.as_str()), expected);
    assert_eq!(stage.world.rows("audit_log WHERE action = 'access.request'"), 1);
    assert_eq!(title(&browser.post("/access", &[("decision", "request")])), "Your request is waiting");
    let later = stage.member();
    later.ask(&code_request(LIVECHAT));
    assert_eq!(title(&later.post("/access", &[("decision", "request")])), "Your request is waiting", "from anywhere");
    assert_eq!(stage.world.rows("invitation"), 1, "asking twice is asking once");
    assert_eq!(stage.world.rows("audit_log WHERE action = 'access.request'"), 1, "and is written down once");
    // After its time, anew.
    stage.world.clock.advance(std::time::Duration::from_hours(14 * 24));
    let later = stage.member();
    later.ask(&code_request(LIVECHAT));
    assert_eq!(title(&later.post("/access", &[("decision", "request")])), "Your request was sent");
    assert_eq!(stage.world.rows("invitation"), 1);

    stage.world.give_role(&stage.cast.member.id, &stage.cast.organization, &stage.cast.role("LiveChat", "normal"));
    given(&browser.ask(&code_request(LIVECHAT)), LIVECHAT_URI);
}

#[test]
fn m8_who_is_suspended_from_the_product_has_no_access() {
    let stage = Stage::default();
    stage.enable(&stage.cast.organization, "LiveChat", "active");
    stage.world.give_role(&stage.cast.member.id, &stage.cast.organization, &stage.cast.role("LiveChat", "normal"));
    let browser = stage.member();
    given(&browser.ask(&code_request(LIVECHAT)), LIVECHAT_URI);
    stage.world.database.execute(&format!(
        "INSERT INTO product_suspension VALUES ('{}', '{}', 'LiveChat', 1)",
        stage.cast.organization, stage.cast.member.id
    ));
    let answers = stage.world.answers();
    let page = browser.ask(&code_request(LIVECHAT));
    assert_eq!(title(&page), "Your access to LiveChat is suspended");
    assert!(!page.text.contains("value=\"request\""), "asking leads nowhere: {}", page.text);
    assert_eq!(stage.world.answers(), answers);

    // Suspended while the page that offers to ask is open.
    stage.world.database.execute("DELETE FROM product_suspension");
    stage.world.database.execute("DELETE FROM membership_role WHERE product = 'LiveChat' AND type = 'secondary'");
    assert_eq!(title(&browser.ask(&code_request(LIVECHAT))), NO_ROLE);
    stage.world.database.execute(&format!(
        "INSERT INTO product_suspension VALUES ('{}', '{}', 'LiveChat', 1)",
        stage.cast.organization, stage.cast.member.id
    ));
    assert_eq!(browser.post("/access", &[("decision", "request")]).status, StatusCode::FORBIDDEN);
    assert_eq!(stage.world.rows("invitation"), 0);
}

#[test]
fn from_the_screen_to_another_organization() {
    let stage = Stage::default();
    let second = stage.organization_of(&stage.cast.member.id, "Second");
    stage.enable(&stage.cast.organization, "LiveChat", "active");
    stage.enable(&second, "LiveChat", "active");
    stage.world.give_role(&stage.cast.member.id, &second, &stage.cast.role("LiveChat", "normal"));
    let browser = stage.member();
    browser.ask(&code_request(LIVECHAT));
    let chosen = browser.post("/organization", &[("organization_id", &stage.cast.organization)]);
    assert_eq!(title(&browser.follow(&chosen)), NO_ROLE);
    let cookie = browser.cookie(SESSION);
    let page = browser.follow(&browser.post("/access", &[("decision", "other_organization")]));
    assert_eq!((title(&page).as_str(), browser.cookie(SESSION)), ("Choose an organization", cookie));
    assert!(page.text.find(&stage.cast.organization) < page.text.find(&second), "the last choice first");
    given(&browser.follow(&browser.post("/organization", &[("organization_id", &second)])), LIVECHAT_URI);
    assert_eq!(stage.world.rows("invitation"), 0);
}

#[test]
fn a_decision_that_the_page_does_not_offer_is_refused() {
    let stage = Stage::default();
    let browser = stage.owner();
    browser.ask(&code_request(LIVECHAT));
    let before = stage.world.database.dump();
    for path in ["/access", "/activate", "/consent"] {
        for decision in ["", "yes", "ALLOW"] {
            to_ooops(&browser.copy().post(path, &[("decision", decision)]), "invalid_request");
        }
    }
    for (path, decision) in [("/access", "request"), ("/consent", "allow")] {
        let answer = browser.copy().post(path, &[("decision", decision)]);
        let shown = answer.status == StatusCode::OK && title(&answer) == NOT_ACTIVE;
        assert!(answer.status == StatusCode::FORBIDDEN || shown, "{path}: {}", answer.text);
    }
    assert!(stage.world.database.dump() == before);
    assert_eq!(stage.world.answers(), 0);
}
