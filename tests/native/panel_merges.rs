//! Merges in the panel: what the two owners see and do, and what becomes of them.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::support::browser::{Browser, hidden};
use crate::support::client::Answer;
use crate::support::mergers::{Mergers, PASSWORD};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const WRONG: (&str, &str) = ("current_password", "not-my-password");

/// Both owners before their panels.
struct Owners {
    mergers: Mergers,
    a: Browser,
    b: Browser,
}

impl Owners {
    fn of(mergers: Mergers) -> Self {
        let browser = |id: &str, organization: &str| mergers.a.world.browser_of(id, organization);
        let a = browser(&mergers.a.owner.id, &mergers.a.organization);
        let b = browser(&mergers.b.owner.id, &mergers.b.organization);
        Self { mergers, a, b }
    }

    fn ask(&self, further: &[(&str, &str)]) -> Answer {
        self.ask_for(&self.mergers.b.organization, further)
    }

    fn ask_for(&self, source: &str, further: &[(&str, &str)]) -> Answer {
        assert_eq!(self.a.get("/panel/merges").status, StatusCode::OK);
        let own = [("organization_id", self.mergers.a.organization.as_str()), ("source_organization_id", source)];
        let fields: Vec<_> = own.iter().chain(further).copied().collect();
        self.a.post("/panel/merges", &fields)
    }

    /// A merge that waits: the path of its screen.
    fn asked(&self, further: &[(&str, &str)]) -> String {
        let answer = self.ask(further);
        let location = answer.header("location").to_owned();
        let (path, done) = location.split_once('?').unwrap_or_else(|| panic!("{}", answer.text));
        assert_eq!((answer.status, done), (StatusCode::SEE_OTHER, "done=merge_requested"));
        path.to_owned()
    }

    fn approve(&self, path: &str, further: &[(&str, &str)]) -> Answer {
        let version = hidden(&self.b.get(path).text, "preview_version").expect("a version");
        let fields: Vec<_> = [("preview_version", version.as_str())].iter().chain(further).copied().collect();
        self.b.post(&format!("{path}/approve"), &fields)
    }
}

/// Told on top of the screen, and nothing else has happened.
fn told(answer: &Answer, status: StatusCode, words: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    let alert = answer.text.split_once("role=\"alert\"").unwrap_or_else(|| panic!("{}", answer.text)).1;
    assert!(alert.split("</div>").next().expect("a list").contains(words), "{words}: {alert}");
}

#[test]
fn r12_two_owners_merge_and_the_sign_in_of_the_second_goes_on() {
    let owners = Owners::of(Mergers::rich());
    let Mergers { a, b } = &owners.mergers;
    let path = owners.asked(&[("keep", "LiveChat/source"), ("keep", "HelpDesk/own")]);

    let seen = owners.a.get(&path).text;
    let (facts, preview) = seen.split_once("id=\"preview\"").expect("a preview");
    assert!(facts.contains("Waits for approval") && facts.contains("Beta") && facts.contains("Alpha"), "{facts}");
    assert!(!preview.contains("member.of.owner@beta.example"), "people are named to the other owner only: {preview}");
    assert!(preview.contains("Their names are shown only"), "{preview}");
    assert!(!seen.contains("/approve\""), "who asked does not approve: {seen}");

    let decides = owners.b.get(&path).text;
    for told in [
        "member.of.owner@beta.example",
        "suspended@example.com",
        "<dt>LiveChat</dt><dd>is given up; that of the organization that ends takes its place</dd>",
        "<dt>HelpDesk</dt><dd>stays as it is</dd>",
        "<dt>ChatBot</dt><dd>moves, with its subscription</dd>",
        "Accounts: auditor <strong>(will be called “auditor (B)”)</strong>",
        "LiveChat: night shift",
        "Beta&#39;s own",
        "<dt>beta.example</dt><dd>moves</dd>",
        "<dt>unproven.example</dt><dd>is given up</dd>",
        "<dt>Personal tokens</dt><dd>1</dd>",
        "<dt>Open invitations and requests</dt><dd>1</dd>",
        "does not demand it",
    ] {
        assert!(decides.contains(told), "{told}: {decides}");
    }
    let api = b.owner.client.get(&format!("/v2{}", path.replace("/panel", "/organizations/my"))).json();
    assert_eq!(hidden(&decides, "preview_version").as_deref(), api["preview"]["version"].as_str(), "the API's own");

    let done = owners.approve(&path, &[]);
    assert_eq!((done.status, done.calls.database), (StatusCode::OK, 2), "{}", done.text);
    assert!(done.headers.contains_key("set-cookie"), "A19 another organization, other cookies");
    assert!(done.text.contains("The organizations are one now"), "{}", done.text);
    owners.mergers.invariants();
    assert_eq!(a.roles_of(&b.owner.id), "Accounts/administrator");
    let on = owners.b.get("/");
    assert!(on.status == StatusCode::OK && !on.text.contains("type=\"password\""), "signed in still: {}", on.text);
    let panel = owners.b.get("/panel/organization");
    assert!(
        panel.status == StatusCode::OK && panel.text.contains("Alpha"),
        "in the other organization: {}",
        panel.text
    );
    let list = owners.a.get("/panel/merges").text;
    assert!(list.contains(&b.organization) && list.contains("Done"), "{list}");
    assert!(!owners.a.get(&path).text.contains("id=\"preview\""), "nothing is left to be shown");
}

#[test]
fn what_is_wrong_with_a_request_is_named_and_nothing_is_kept() {
    let owners = Owners::of(Mergers::rich());
    let before = owners.mergers.state();
    let own = owners.mergers.a.organization.clone();
    for (source, words) in [
        ("", "no organization with this ID"),
        ("canary", "no organization with this ID"),
        ("018bcfe5-6800-7000-8000-000000000000", "no organization with this ID"),
        (own.as_str(), "This is the ID of this organization"),
    ] {
        let answer = owners.ask_for(source, &[("keep", "LiveChat/source"), ("keep", "HelpDesk/own")]);
        told(&answer, UNPROCESSABLE, words);
        assert!(answer.text.contains("<option value=\"LiveChat/source\" selected>"), "what was chosen stays");
    }
    let absent = owners.ask(&[("keep", "LiveChat/own"), ("keep", "HelpDesk/source")]);
    told(&absent, UNPROCESSABLE, "cannot stay as you chose");
    assert!(absent.text.contains("id=\"keep-HelpDesk-problem\""), "{}", absent.text);
    assert!(!absent.text.contains("id=\"keep-LiveChat-problem\""), "{}", absent.text);
    let unsaid = owners.ask(&[("keep", "HelpDesk/own")]);
    told(&unsaid, UNPROCESSABLE, "cannot stay as you chose");
    assert!(unsaid.text.contains("id=\"keep-LiveChat-problem\""), "{}", unsaid.text);
    for nonsense in ["LiveChat", "LiveChat/canary", "/own"] {
        told(&owners.ask(&[("keep", nonsense)]), UNPROCESSABLE, "cannot stay as you chose");
    }
    let keep = [("keep", "LiveChat/own")];
    told(&owners.ask(&[keep[0], WRONG]), StatusCode::FORBIDDEN, "This is not your password");
    owners.mergers.a.world.database.execute("UPDATE account SET email_verified = 0");
    told(&owners.ask(&keep), StatusCode::FORBIDDEN, "Your email address is not confirmed");
    owners.mergers.a.world.database.execute("UPDATE account SET email_verified = 1");
    owners.mergers.a.world.clock.advance(Duration::from_mins(11));
    told(&owners.ask(&keep), StatusCode::FORBIDDEN, "You signed in more than ten minutes ago");
    assert_eq!(owners.mergers.state(), before);
    owners.asked(&[keep[0], ("current_password", PASSWORD)]);
    told(&owners.ask(&[keep[0], ("current_password", PASSWORD)]), StatusCode::CONFLICT, "waits already");
}

#[test]
fn z4_only_the_two_owners_find_a_merge_and_only_one_of_them_approves() {
    let owners = Owners::of(Mergers::default());
    let Mergers { a, b } = &owners.mergers;
    let path = owners.asked(&[]);
    let before = owners.mergers.state();
    let stranger = {
        let (_, created) = a.world.sign_up("stranger@example.com");
        let id = |value: &serde_json::Value| value.as_str().expect("an id").to_owned();
        a.world.browser_of(&id(&created["account_id"]), &id(&created["organization"]["organization_id"]))
    };
    let settled = owners.mergers.state();
    assert_ne!(before, settled, "somebody else signed up");
    let of = |id: &str, organization: &str| a.world.browser_of(id, organization);
    for browser in [
        of(&a.administrator.id, &a.organization),
        of(&a.member.id, &a.organization),
        of(&b.administrator.id, &b.organization),
        of(&b.member.id, &b.organization),
        stranger,
    ] {
        browser.get("/account");
        assert_eq!(browser.copy().get(&path).status, StatusCode::NOT_FOUND);
        for verb in ["approve", "withdraw"] {
            let answer = browser.copy().post(&format!("{path}/{verb}"), &[("preview_version", "x")]);
            assert_eq!(
                (answer.status, answer.text.contains("Beta")),
                (StatusCode::NOT_FOUND, false),
                "{}",
                answer.text
            );
        }
    }
    let version = b.owner.client.get(&format!("/v2{}", path.replace("/panel", "/organizations/my"))).json();
    let version = version["preview"]["version"].as_str().expect("a version").to_owned();
    owners.a.get(&path);
    let own = owners.a.post(&format!("{path}/approve"), &[("preview_version", &version)]);
    told(&own, StatusCode::FORBIDDEN, "Your own roles do not allow this");
    assert_eq!(owners.mergers.state(), settled, "nothing happened");
}

#[test]
fn r12_what_was_not_looked_at_is_not_approved() {
    let owners = Owners::of(Mergers::default());
    let Mergers { a, b } = &owners.mergers;
    let path = owners.asked(&[]);
    let old = hidden(&owners.b.get(&path).text, "preview_version").expect("a version");
    b.hire("late@example.com", &[]);
    let before = owners.mergers.state();
    for version in [old.as_str(), "", "canary"] {
        let answer = owners.b.post(&format!("{path}/approve"), &[("preview_version", version)]);
        told(&answer, StatusCode::CONFLICT, "has changed since you looked");
        assert!(answer.text.contains("late@example.com"), "it is shown as it is now: {}", answer.text);
        assert_ne!(hidden(&answer.text, "preview_version").as_deref(), Some(version));
    }
    told(&owners.approve(&path, &[WRONG]), StatusCode::FORBIDDEN, "This is not your password");
    a.world.clock.advance(Duration::from_mins(11));
    told(&owners.approve(&path, &[]), StatusCode::FORBIDDEN, "You signed in more than ten minutes ago");
    a.world.database.execute("UPDATE account SET email_verified = 0 WHERE email = 'owner@alpha.example'");
    let proof = ("current_password", PASSWORD);
    told(&owners.approve(&path, &[proof]), StatusCode::CONFLICT, "The other owner’s email address is not confirmed");
    a.world.database.execute("UPDATE account SET email_verified = 1");
    assert_eq!(owners.mergers.state(), before, "nothing happened");
    assert_eq!(owners.approve(&path, &[proof]).status, StatusCode::OK);
    owners.mergers.invariants();
}

#[test]
fn either_owner_ends_it_and_then_nobody_approves() {
    for refused in [false, true] {
        let owners = Owners::of(Mergers::default());
        let path = owners.asked(&[]);
        let version = hidden(&owners.b.get(&path).text, "preview_version").expect("a version");
        let who = if refused { &owners.b } else { &owners.a };
        who.get(&path);
        let ended = who.post(&format!("{path}/withdraw"), &[]);
        assert_eq!(ended.header("location"), format!("{path}?done=merge_ended"));
        let state = if refused { "Refused" } else { "Withdrawn" };
        let page = who.get(ended.header("location")).text;
        assert!(page.contains(state) && page.contains("The merge will not happen"), "{page}");
        assert!(!page.contains("id=\"preview\"") && !page.contains("method=\"post\""), "{page}");
        let other = if refused { "Beta" } else { "Alpha" };
        let elsewhere = if refused { &owners.a } else { &owners.b };
        assert!(!elsewhere.get(&path).text.contains(other), "its name is told while it waits only");
        let before = owners.mergers.state();
        owners.b.get("/account");
        let late = owners.b.post(&format!("{path}/approve"), &[("preview_version", &version)]);
        told(&late, StatusCode::CONFLICT, "not open any more");
        assert_eq!(owners.mergers.state(), before);
    }
}

#[test]
fn the_organizations_screen_leads_to_merges_only_its_owner() {
    let owners = Owners::of(Mergers::default());
    let Mergers { a, .. } = &owners.mergers;
    let link = "href=\"/panel/merges\"";
    assert!(owners.a.get("/panel/organization").text.contains(link));
    let administrator = a.world.browser_of(&a.administrator.id, &a.organization).get("/panel/organization").text;
    assert!(!administrator.contains(link) && administrator.contains("href=\"/panel/domains\""), "{administrator}");
    let hostile = json!({"name": "<script>alert(1)</script>"});
    owners.mergers.b.owner.client.patch("/v2/organizations/my", &hostile);
    let path = owners.asked(&[]);
    for page in [owners.a.get(&path).text, owners.a.get("/panel/merges").text, owners.b.get(&path).text] {
        assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert"), "{page}");
    }
}
