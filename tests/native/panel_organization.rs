//! The panel's screens about the organization as a whole: who may invite, domains, its end.

use std::time::Duration;

use global_accounts::domain::time::Timestamp;
use global_accounts::ports::Clock as _;
use http::StatusCode;
use serde_json::json;

use super::panel_forms::Office;
use crate::support::client::Answer;

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// Told on top of the screen, which stays.
fn told(answer: &Answer, status: StatusCode, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let alert = answer.text.split_once("role=\"alert\"").unwrap_or_else(|| panic!("{}", answer.text)).1;
    assert!(alert.split("</div>").next().expect("a list").contains(words), "{words}: {alert}");
}

#[test]
fn the_owner_says_who_may_invite() {
    let office = Office::new();
    let mode = || -> String {
        let own = &office.cast.organization;
        office
            .world
            .database
            .value(&format!("SELECT invitation_mode FROM organization WHERE organization_id = '{own}'"))
    };
    let send = |mode: &str| office.owner.post("/panel/organization", &[("name", "Acme"), ("invitation_mode", mode)]);
    assert_eq!(send("strict").header("location"), "/panel/organization?done=organization_saved");
    assert_eq!(mode(), "strict");
    let page = office.owner.get("/panel/organization").text;
    assert!(page.contains("<option value=\"strict\" selected>"), "{page}");
    assert!(office.member.get("/panel/organization").text.contains("Only who may approve"));
    told(&send("canary"), UNPROCESSABLE, "Choose who may invite");
    assert_eq!(mode(), "strict");
    office.owner.post("/panel/organization", &[("name", "Acme")]);
    assert_eq!(mode(), "strict", "a form that does not say it leaves it");
    send("lax");
    assert_eq!(mode(), "lax");
}

#[test]
fn z9_what_is_wrong_with_a_domain_is_named_and_nothing_is_added() {
    let office = Office::new();
    let add = |domain: &str| office.administrator.post("/panel/domains", &[("domain", domain)]);
    for (domain, status, words) in [
        ("", UNPROCESSABLE, "Enter a domain"),
        ("https://acme.example/", UNPROCESSABLE, "Enter a domain"),
        ("gmail.com", UNPROCESSABLE, "Everybody can have an address"),
        ("mailinator.com", UNPROCESSABLE, "made to be thrown away"),
        ("OFFICE.example", StatusCode::CONFLICT, "has this domain already"),
    ] {
        let answer = add(domain);
        told(&answer, status, words);
        assert!(answer.text.contains(&format!("value=\"{domain}\"")), "what was written stays: {}", answer.text);
        assert!(answer.text.contains("href=\"#domain\""), "{}", answer.text);
    }
    assert_eq!(office.world.count("organization_domain"), 1);
    for at in 1..10 {
        assert_eq!(add(&format!("d{at}.example")).header("location"), "/panel/domains?done=domain_added");
    }
    assert!(!office.administrator.get("/panel/domains").text.contains("id=\"domain\""), "no form that leads nowhere");
    told(&add("one-more.example"), StatusCode::CONFLICT, "as many domains");
    assert_eq!(office.world.count("organization_domain"), 10);
}

#[test]
fn z9_a_domain_is_proven_by_its_record_or_by_its_postmaster() {
    let office = Office::new();
    let path = format!("/panel/domains/{}/proof", office.domain);
    let proven = || office.world.count("organization_domain WHERE proven_at IS NOT NULL");
    let challenge: String = office.world.database.value("SELECT challenge FROM organization_domain");
    let page = office.administrator.get("/panel/domains").text;
    assert!(page.contains("_accounts-challenge.office.example") && page.contains(&challenge), "{page}");

    let send = |method: &str| office.administrator.post(&path, &[("method", method)]);
    let silent = send("dns");
    told(&silent, StatusCode::SERVICE_UNAVAILABLE, "The name service did not answer");
    assert!(office.world.last_line().to_string().contains("DNS over HTTPS"), "the log says why");
    let question = "https://cloudflare-dns.com/dns-query?name=_accounts-challenge.office.example&type=TXT";
    office.world.outbound.says(question, &json!({"Status": 3}).to_string());
    told(&send("dns"), StatusCode::CONFLICT, "The record is not there");
    assert_eq!(proven(), 0);
    assert_eq!(send("mail").header("location"), "/panel/domains?done=challenge_sent");
    assert_eq!((proven(), office.world.count("outbox WHERE template = 'domain_challenge'")), (0, 1));
    let record = json!({"Status": 0, "Answer": [{"type": 16, "data": challenge}]});
    office.world.outbound.says(question, &record.to_string());
    let done = send("dns");
    assert_eq!((done.header("location"), proven()), ("/panel/domains?done=domain_proven", 1));
    let page = office.administrator.get("/panel/domains").text;
    assert!(page.contains("may join as a member") && !page.contains(&challenge), "{page}");
    told(&send("mail"), StatusCode::CONFLICT, "confirmed already");
    let removed = office.administrator.post(&format!("/panel/domains/{}/remove", office.domain), &[]);
    assert_eq!(removed.header("location"), "/panel/domains?done=domain_removed");
    assert_eq!(office.world.count("organization_domain"), 0);
    assert_eq!(send("dns").status, StatusCode::NOT_FOUND);
}

#[test]
fn r12_an_organization_ends_after_its_id_was_repeated_and_its_owner_proven() {
    let office = Office::new();
    let own = office.cast.organization.clone();
    let there = || office.world.count(&format!("organization WHERE organization_id = '{own}'"));
    let send = |id: &str, password: &str| {
        let fields = [("organization_id", id), ("current_password", password)];
        office.owner.post("/panel/organization/delete", &fields)
    };
    for wrong in ["", "canary", &office.elsewhere, "018bcfe5-6800-7000-8000-000000000000"] {
        let answer = send(wrong, "");
        told(&answer, UNPROCESSABLE, "This is not the ID of the organization");
        assert!(answer.text.contains("<details class=\"ask\" open>"), "the form is open: {}", answer.text);
    }
    told(&send(&own, "not-my-password"), StatusCode::FORBIDDEN, "This is not your password");
    office.world.clock.advance(Duration::from_mins(11));
    told(&send(&own, ""), StatusCode::FORBIDDEN, "You signed in more than ten minutes ago");
    assert_eq!(there(), 1);
    let done = send(&own, "BG0SaleEBL");
    assert_eq!((done.status, there()), (StatusCode::OK, 0), "{}", done.text);
    assert!(done.text.contains("The organization is deleted"), "{}", done.text);
    let on = office.owner.get("/panel").header("location").to_owned();
    assert_eq!(on, "/?identity_exception=unauthorized", "the account went too");
    assert_eq!(office.owner.get("/").status, StatusCode::OK);
}

#[test]
fn m6_the_owner_demands_a_second_factor_from_a_day_on_and_ends_it() {
    let office = Office::new();
    let own = &office.cast.organization;
    let required = || -> Option<i64> {
        let sql = format!("SELECT mfa_required_at FROM organization WHERE organization_id = '{own}'");
        office.world.database.value(&sql)
    };
    let send = |fields: &[(&str, &str)]| office.owner.post("/panel/organization/second_factor", fields);
    let now = office.world.clock.now();
    let day = |days: i64| -> String {
        let at = Timestamp::from_millis(now.millis() + days * 86_400_000);
        at.rfc3339().split('T').next().expect("a day").to_owned()
    };
    let page = office.owner.get("/panel/organization").text;
    assert!(page.contains("turn it on for yourself first") && !page.contains("name=\"required_on\""), "{page}");
    told(&send(&[("required_on", &day(3))]), StatusCode::CONFLICT, "for yourself first");
    assert_eq!(required(), None);

    let authenticator = office.world.enrol(&office.cast.owner.id);
    let page = office.owner.get("/panel/organization").text;
    assert!(page.contains(&format!("value=\"{}\" min=\"{}\"", day(14), day(0))), "{page}");
    for wrong in ["", "canary", &day(-1), "2026-13-01"] {
        let answer = send(&[("required_on", wrong)]);
        told(&answer, UNPROCESSABLE, "today or a later day");
        assert!(answer.text.contains("href=\"#required_on\""), "{}", answer.text);
    }
    assert_eq!(required(), None);
    let done = send(&[("required_on", &day(3))]);
    assert_eq!(done.header("location"), "/panel/organization?done=second_factor_demanded");
    let begin = Timestamp::parse_rfc3339(&format!("{}T00:00:00Z", day(3))).expect("a day");
    assert_eq!(required(), Some(begin.millis()));
    let seen = office.member.get("/panel/organization").text;
    assert!(
        seen.contains("Every member needs it from") && !seen.contains("/panel/organization/second_factor"),
        "{seen}"
    );

    send(&[("required_on", &day(0))]);
    assert_eq!(required(), Some(now.millis()), "from now on");
    office.world.clock.advance(Duration::from_mins(11));
    for (field, value, words) in [
        ("demand_password", "", "You signed in more than ten minutes ago"),
        ("demand_password", "not-my-password", "This is not your password"),
        ("demand_code", &*authenticator.wrong(), "neither the code that your app shows now nor"),
    ] {
        let answer = send(&[("end", "yes"), (field, value)]);
        told(&answer, StatusCode::FORBIDDEN, words);
        assert!(answer.text.contains(&format!("id=\"{field}-problem\"")), "{}", answer.text);
    }
    assert!(required().is_some());
    let done = send(&[("end", "yes"), ("demand_code", &authenticator.code())]);
    assert_eq!(done.header("location"), "/panel/organization?done=second_factor_free");
    assert_eq!(required(), None);
}

#[test]
fn m1_a_code_of_the_second_factor_proves_the_owner_too() {
    let office = Office::new();
    let own = office.cast.organization.clone();
    let authenticator = office.world.enrol(&office.cast.owner.id);
    let there = || office.world.count(&format!("organization WHERE organization_id = '{own}'"));
    let send = |code: &str| {
        office.owner.post("/panel/organization/delete", &[("organization_id", &own), ("current_code", code)])
    };
    office.world.clock.advance(Duration::from_mins(11));
    let page = office.owner.get("/panel/organization").text;
    assert!(page.contains("name=\"current_code\""), "{page}");
    let answer = send(&authenticator.wrong());
    told(&answer, StatusCode::FORBIDDEN, "neither the code that your app shows now nor");
    assert!(answer.text.contains("<details class=\"ask\" open>"), "the form is open: {}", answer.text);
    assert_eq!(there(), 1);
    assert_eq!((send(&authenticator.code()).status, there()), (StatusCode::OK, 0));
}
