//! People in the panel: found, looked at, given roles, suspended, made owner.

use std::time::Duration;

use global_accounts::store::accounts;
use http::StatusCode;

use super::panel_forms::Office;
use crate::support::browser::Browser;
use crate::support::cast::{ADMINISTRATOR, BILLING_EDITOR, MEMBER};
use crate::support::client::Answer;
use crate::support::plant::MEMBER as PLANTED;
use crate::support::visits;

/// Names in the list, in its order.
fn names(answer: &Answer) -> Vec<String> {
    assert_eq!((answer.status, answer.calls.database), (StatusCode::OK, 1), "{}", answer.text);
    let rows = answer.text.split("<th scope=\"row\">").skip(1);
    rows.map(|row| row.split_once("\">").expect("a link").1.split('<').next().expect("a name").to_owned()).collect()
}

fn call(office: &Office, email: &str, name: &str) -> String {
    let id = office.world.member_of(&office.cast.organization, email, PLANTED);
    office.world.database.execute(&format!("UPDATE account SET name = '{name}' WHERE account_id = '{id}'"));
    id
}

#[test]
fn somebody_is_found_by_the_beginning_of_any_name_or_of_the_address() {
    let office = Office::new();
    let id = call(&office, "zed@example.com", "Łucja Maria Żak-Nowak");
    call(&office, "other@example.com", "Anna Nowak");
    let foreign = office.world.member_of(
        &office.world.database.value::<String>("SELECT organization_id FROM membership WHERE account_id = (SELECT account_id FROM account WHERE email = 'stranger@example.com')"),
        "elsewhere@example.com",
        PLANTED,
    );
    office.world.database.execute(&format!("UPDATE account SET name = 'Łucja Foreign' WHERE account_id = '{foreign}'"));
    let find = |text: &str| {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", text).finish();
        names(&office.owner.get(&format!("/panel?{query}")))
    };
    for text in ["Łucja", "łuc", "ŁUCJA", "łUCja maria", "mar", "żak-n", "ŻAK", "ZED@", "zed@example.com"] {
        assert_eq!(find(text), ["Łucja Maria Żak-Nowak"], "{text}");
    }
    assert_eq!(find("NOWAK"), ["Anna Nowak"], "a word, not the end of one");
    for text in ["ucja", "elsewhere", "Łucja F", "%", "_", "zed@example.org", "'", "\""] {
        assert_eq!(find(text), Vec::<String>::new(), "{text}");
    }
    office.world.database.execute(&format!("UPDATE account SET name = 'Eve Renamed' WHERE account_id = '{id}'"));
    assert_eq!((find("łuc"), find("ren")), (vec![], vec!["Eve Renamed".to_owned()]), "by what they are called now");
    office.world.database.execute(&format!("DELETE FROM membership WHERE account_id = '{id}'"));
    assert_eq!(find("ren"), Vec::<String>::new());
    assert_eq!(office.world.count(&format!("member_term WHERE account_id = '{id}'")), 0, "nothing is left of a member");

    let none = office.owner.get("/panel?q=%3Cscript%3E");
    assert!(none.text.contains("begins with “&#60;script&#62;”") && !none.text.contains("<script>"), "{}", none.text);
    let wrong = office.owner.get("/panel?q=a%E2%80%AEb");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("href=\"#q\"") && wrong.text.contains("role=\"alert\""), "{}", wrong.text);
}

#[test]
fn a_long_list_goes_on_page_by_page_and_a_search_reads_what_it_finds() {
    let office = Office::new();
    for number in 0..120 {
        call(&office, &format!("worker{number}@example.com"), &format!("Worker {number:03}"));
    }
    let mut seen = Vec::new();
    let mut next = Some("/panel?q=worker".to_owned());
    while let Some(path) = next {
        let page = office.owner.get(&path);
        seen.extend(names(&page));
        let link = page.text.split("<a class=\"second\" href=\"").find(|rest| rest.contains("rel=\"next\""));
        next = link.and_then(|rest| rest.split('"').next()).map(|url| url.replace("&#38;", "&"));
    }
    seen.sort();
    let expected: Vec<String> = (0..120).map(|number| format!("Worker {number:03}")).collect();
    assert_eq!(seen, expected, "each once");
    let first = office.owner.get("/panel?q=worker").text;
    let cursor = first.split("cursor=").nth(1).and_then(|rest| rest.split('"').next()).expect("a cursor");
    let foreign = office.stranger.get(&format!("/panel?q=worker&limit=50&cursor={cursor}"));
    assert_eq!(
        foreign.header("location"),
        "/ooops?oauth_exception=invalid_request",
        "Z4 another organization's cursor"
    );

    let ranges = r#"[["worker 00","worker 01"]]"#;
    let found = accounts::search_for_caller(&office.owner.session_digest(), ranges, None, 51);
    let cost = visits::cost(&office.world.database.raw(), &found);
    assert_eq!(cost.returned, 10);
    assert!(cost.visited < 300, "{cost:?} of 125 members");
}

fn roles(office: &Office, browser: &Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("/panel/people/{}/roles", office.target), fields)
}

#[test]
fn the_roles_form_changes_what_was_chosen_and_nothing_else() {
    let office = Office::new();
    let (target, cast) = (&office.target, &office.cast);
    let viewer = cast.role("HelpDesk", "viewer");
    let [agent, chief] = ["normal", "administrator"].map(|role| cast.role("LiveChat", role));
    let saved = |fields: &[(&str, &str)]| {
        let answer = roles(&office, &office.owner, fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        cast.roles_of(target)
    };
    let fields = [
        ("held", MEMBER),
        ("role", MEMBER),
        ("role", &*viewer),
        ("role", ""),
        ("box", &*office.role),
        ("role", &*office.role),
    ];
    assert_eq!(saved(&fields), "Accounts/member,Accounts/night shift,HelpDesk/viewer");
    // Somebody else gave the agent's role meanwhile: this page did not show it, and leaves it.
    cast.owner.client.send(
        http::Method::PUT,
        &format!("/v2/accounts/{target}/roles"),
        serde_json::json!({"set_roles": [{"role_id": agent}]}).to_string().into(),
    );
    let taken = format!("-{viewer}");
    let held = [("held", MEMBER), ("held", &*viewer), ("held", &*office.role), ("box", &*office.role)];
    let fields = [&held[..], &[("role", MEMBER), ("role", &*taken), ("role", "")]].concat();
    assert_eq!(saved(&fields), "Accounts/member,LiveChat/normal");

    let page = office.owner.get(&format!("/panel/people/{target}")).text;
    assert!(page.contains(&format!("<option value=\"{agent}\" selected>Agent</option>")), "{page}");
    let fields = [("held", MEMBER), ("held", &*agent), ("role", MEMBER), ("role", "LiveChat/viceowner"), ("role", "")];
    let all = "Accounts/administrator,Accounts/billing_editor,LiveChat/administrator";
    assert_eq!(saved(&fields), all, "a legacy role is all that it stands for");
    let page = office.owner.get(&format!("/panel/people/{target}")).text;
    assert!(page.contains("Older LiveChat interfaces call this “viceowner”."), "{page}");
    assert!(page.contains(&format!("<option value=\"{chief}\" selected>")), "{page}");
    assert!(
        page.contains(&format!("<input type=\"checkbox\" name=\"role\" value=\"{BILLING_EDITOR}\" checked>")),
        "{page}"
    );
}

#[test]
fn roles_that_cannot_be_given_stay_chosen_on_the_page() {
    let office = Office::new();
    let before = office.cast.roles_of(&office.target);
    let owner = crate::support::cast::OWNER;
    let option = format!("<option value=\"{ADMINISTRATOR}\" selected>");
    for (fields, status) in [
        (vec![("held", MEMBER), ("role", ADMINISTRATOR), ("role", owner)], StatusCode::FORBIDDEN),
        (
            vec![("held", MEMBER), ("role", ADMINISTRATOR), ("role", BILLING_EDITOR), ("role", "canary")],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        (
            vec![("held", MEMBER), ("role", ADMINISTRATOR), ("role", "LiveChat/canary")],
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let answer = roles(&office, &office.owner, &fields);
        assert_eq!(answer.status, status, "{fields:?}: {}", answer.text);
        assert!(answer.text.contains("role=\"alert\"") && answer.text.contains(&option), "{fields:?}: {}", answer.text);
        assert!(!answer.text.contains("canary"));
    }
    // An administrator holds no billing scopes, and so gives none.
    let answer = roles(
        &office,
        &office.administrator,
        &[("held", MEMBER), ("role", MEMBER), ("role", BILLING_EDITOR), ("box", BILLING_EDITOR)],
    );
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert!(answer.text.contains("Your own roles do not allow this."), "{}", answer.text);
    assert_eq!(office.cast.roles_of(&office.target), before, "nothing changed");
}

#[test]
fn a_member_sees_people_and_no_form_about_them() {
    let office = Office::new();
    let page = office.member.get(&format!("/panel/people/{}", office.target)).text;
    assert!(!page.contains("<form") && page.contains("target@example.com"), "{page}");
    assert!(!page.contains("/panel/applications") && !page.contains("/panel/audit_log"), "no way to a refusal: {page}");
    for path in ["/panel", "/panel/products", "/panel/roles", "/panel/organization"] {
        let page = office.member.get(path).text;
        assert!(!page.contains("method=\"post\""), "{path}: {page}");
    }
    let refused = office.member.get("/panel/audit_log");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(
        refused.text.contains("This is not open to you") && refused.text.contains("href=\"/account\""),
        "{}",
        refused.text
    );
    let account = office.member.get("/account").text;
    assert!(account.contains("href=\"/panel\""), "{account}");
}

#[test]
fn nobody_is_offered_what_a_rule_forbids_about_that_person() {
    let office = Office::new();
    let forms = |browser: &Browser, id: &str| -> Vec<String> {
        let page = browser.get(&format!("/panel/people/{id}")).text;
        let mut verbs: Vec<String> = page
            .split("method=\"post\" action=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next()?.rsplit('/').next().map(str::to_owned))
            .collect();
        verbs.dedup();
        verbs
    };
    let (cast, target) = (&office.cast, &office.target);
    assert_eq!(forms(&office.owner, target), ["roles", "suspension", "password", "remove"]);
    assert_eq!(
        forms(&office.owner, &cast.administrator.id),
        ["roles", "suspension", "password", "ownership", "remove"]
    );
    assert_eq!(forms(&office.owner, &cast.owner.id), ["roles"]);
    assert_eq!(forms(&office.administrator, target), ["roles", "suspension", "password", "remove"]);
    assert_eq!(forms(&office.administrator, &cast.owner.id), Vec::<String>::new());
}

#[test]
fn suspension_and_its_end_are_two_buttons_for_each_product() {
    let office = Office::new();
    let path = format!("/panel/people/{}/suspension", office.target);
    for (product, state) in [("Accounts", "membership WHERE suspended = 1"), ("HelpDesk", "product_suspension")] {
        let send = |suspended| office.owner.post(&path, &[("product", product), ("suspended", suspended)]);
        assert!(send("true").header("location").ends_with("?done=suspended"));
        assert_eq!(office.world.count(state), 1, "{product}");
        let page = office.owner.get(&format!("/panel/people/{}", office.target)).text;
        assert!(page.contains("name=\"suspended\" value=\"false\">End suspension"), "{page}");
        assert!(send("false").header("location").ends_with("?done=unsuspended"));
        assert_eq!(office.world.count(state), 0, "{product}");
    }
    let gone = office.owner.post(&path, &[("product", "ChatBot"), ("suspended", "true")]);
    assert_eq!(gone.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", gone.text);
}

#[test]
fn a_password_is_set_or_the_field_says_why_not() {
    let office = Office::new();
    let path = format!("/panel/people/{}/password", office.target);
    for (password, words) in [
        ("", "Enter a password."),
        ("short", "Use at least 8 characters."),
        ("password123", "one of the most common ones"),
    ] {
        let answer = office.owner.post(&path, &[("password", password)]);
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
        assert!(
            answer.text.contains(words) && answer.text.contains("href=\"#password\""),
            "{password}: {}",
            answer.text
        );
        assert!(!answer.text.contains("value=\"short\""), "a password is not repeated");
    }
    let second: String = office.world.database.value("SELECT organization_id FROM membership WHERE account_id = (SELECT account_id FROM account WHERE email = 'stranger@example.com')");
    office.world.join(&office.target, &second, PLANTED);
    let answer = office.owner.post(&path, &[("password", "another-one-7")]);
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(answer.text.contains("belongs to other organizations too"), "{}", answer.text);
    assert_eq!(office.world.count(&format!("password WHERE account_id = '{}'", office.target)), 0, "nothing was set");
}

#[test]
fn r1_ownership_moves_after_a_proof() {
    let office = Office::new();
    let heir = &office.cast.administrator.id;
    let path = format!("/panel/people/{heir}/ownership");
    let owner = || {
        office.world.database.value::<String>(&format!(
            "SELECT account_id FROM membership_role WHERE organization_id = '{}' AND role_id = '{}'",
            office.cast.organization,
            crate::support::cast::OWNER
        ))
    };
    office.world.clock.advance(Duration::from_mins(11));
    for (proof, words) in [("", "more than ten minutes ago"), ("wrong-password", "This is not your password.")] {
        let answer = office.owner.post(&path, &[("current_password", proof)]);
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{proof}: {}", answer.text);
        assert!(
            answer.text.contains(words) && answer.text.contains("href=\"#current_password\""),
            "{proof}: {}",
            answer.text
        );
        assert_eq!(owner(), office.cast.owner.id, "nothing moved");
    }
    let unfit =
        office.owner.post(&format!("/panel/people/{}/ownership", office.target), &[("current_password", "BG0SaleEBL")]);
    assert_eq!(unfit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unfit.text.contains("must be an administrator"), "{}", unfit.text);
    let done = office.owner.post(&path, &[("current_password", "BG0SaleEBL")]);
    assert_eq!((done.status, done.calls.database), (StatusCode::SEE_OTHER, 2), "{}", done.text);
    assert_eq!(&owner(), heir);
    let page = office.owner.get(done.header("location")).text;
    assert!(page.contains("The organization has a new owner."), "{page}");
    office.open(&office.owner);
    let again = office.owner.post(&path, &[("current_password", "BG0SaleEBL")]);
    assert_eq!(again.status, StatusCode::FORBIDDEN);
    assert!(again.text.contains("Your own roles do not allow this."), "{}", again.text);
}
