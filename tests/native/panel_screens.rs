//! The other screens of the panel: what they show, and what stays when a form is refused.

use global_accounts::http::pages::Language;
use global_accounts::http::pages::panel::action_codes;
use http::StatusCode;

use super::panel_forms::Office;
use crate::support::browser::hidden;
use crate::support::client::Answer;
use crate::support::source;

/// The screen again, with the problem on top, beside its field, and what was written.
fn refused(answer: &Answer, status: StatusCode, field: &str, kept: &[&str]) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.text.contains("role=\"alert\""), "{}", answer.text);
    assert!(answer.text.contains(&format!("href=\"#{field}\"")), "{field}: {}", answer.text);
    assert!(answer.text.contains(&format!("id=\"{field}-problem\"")), "{field}: {}", answer.text);
    for text in kept {
        assert!(answer.text.contains(text), "{text}: {}", answer.text);
    }
}

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

#[test]
fn a_role_is_made_changed_and_deleted_and_what_is_wrong_is_named() {
    let office = Office::new();
    let ticked = "value=\"accounts--my:ro\" checked";
    let send = |path: &str, fields: &[(&str, &str)]| office.owner.post(path, fields);
    let new = |name: &str, product: &str, scope: &str| {
        send("/panel/roles", &[("name", name), ("product", product), ("scope", scope)])
    };
    refused(
        &new("", "LiveChat", "accounts--my:ro"),
        UNPROCESSABLE,
        "name",
        &[ticked, "<option value=\"LiveChat\" selected>"],
    );
    refused(&new("day", "LiveChat", ""), UNPROCESSABLE, "scope", &["value=\"day\""]);
    refused(&new("day", "ChatBot", "accounts--my:ro"), UNPROCESSABLE, "product", &["value=\"day\"", ticked]);
    refused(&new("Owner", "Accounts", "accounts--my:ro"), StatusCode::CONFLICT, "name", &["value=\"Owner\""]);
    refused(
        &send("/panel/roles", &[("name", ""), ("product", "Accounts")]),
        UNPROCESSABLE,
        "scope",
        &["href=\"#name\""],
    );
    let above = office
        .administrator
        .post("/panel/roles", &[("name", "rich"), ("product", "Accounts"), ("scope", "billing--all:rw")]);
    assert!(above.text.contains("href=\"#scope\""), "{}", above.text);
    assert_eq!(office.world.count("role WHERE role IN ('day', 'rich', 'Owner')"), 0, "nothing was made");

    let made = new("day", "LiveChat", "accounts--my:ro");
    let path = made.header("location").split('?').next().expect("a path").to_owned();
    let page = office.owner.get(&path).text;
    assert!(page.contains(ticked) && page.contains("value=\"day\""), "{page}");
    assert!(
        send(&path, &[("name", "late"), ("scope", "accounts--all:ro")]).header("location").ends_with("done=role_saved")
    );
    let page = office.owner.get(&path).text;
    assert!(page.contains("value=\"accounts--all:ro\" checked") && !page.contains(ticked), "{page}");
    refused(&send(&path, &[("name", ""), ("scope", "accounts--my:ro")]), UNPROCESSABLE, "name", &[ticked]);
    assert_eq!(send(&format!("{path}/delete"), &[]).header("location"), "/panel/roles?done=role_deleted");
    assert_eq!(office.owner.get(&path).status, StatusCode::NOT_FOUND);
}

#[test]
fn a_predefined_role_is_told_and_not_changed() {
    let office = Office::new();
    let path = format!("/panel/roles/{}", crate::support::cast::ADMINISTRATOR);
    let page = office.owner.get(&path).text;
    assert!(!page.contains("method=\"post\"") && page.contains("<code>accounts--all:rw</code>"), "{page}");
    office.open(&office.owner);
    let answer = office.owner.post(&path, &[("name", "mine"), ("scope", "accounts--my:ro")]);
    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.text);
    assert_eq!(office.world.count("role WHERE role = 'mine'"), 0);
}

#[test]
fn t16_an_applications_secret_is_shown_once_and_stored_as_a_digest() {
    let office = Office::new();
    let fields = [
        ("name", "Reports"),
        ("type", "server_side_app"),
        ("visibility", "public"),
        ("redirect_uris", "https://a.example.com/x\r\nhttp://localhost:3000"),
        ("configuration_uri", "a.example.com"),
        ("scope", "accounts--my:ro"),
        ("scope", "accounts--all:ro"),
        ("required", "accounts--my:ro"),
    ];
    let made = office.owner.post("/panel/applications", &fields);
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    assert_eq!(made.header("cache-control"), "no-store");
    let shown = |page: &str| {
        page.split("id=\"secret_value\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
    };
    let secret = shown(&made.text).expect("a secret");
    let id: String = office.world.database.value("SELECT client_id FROM client WHERE name = 'Reports'");
    let path = format!("/panel/applications/{id}");
    let stored = |office: &Office| office.world.database.dump().into_iter().any(|(_, _, text)| text.contains(&secret));
    assert!(!stored(&office) && secret.len() > 30);
    let page = office.owner.get(&path).text;
    assert_eq!(shown(&page), None, "once");
    let uris = "https://a.example.com/x\nhttp://localhost:3000";
    assert!(page.contains(&format!(">{uris}")) || page.contains(uris), "{page}");
    assert!(page.contains("name=\"scope\" value=\"accounts--all:ro\" checked"), "{page}");
    assert!(!page.contains("name=\"required\" value=\"accounts--all:ro\" checked"), "{page}");
    assert!(page.contains("name=\"required\" value=\"accounts--my:ro\" checked"), "{page}");

    let second = shown(&office.owner.post(&format!("{path}/secret"), &[]).text).expect("a new secret");
    assert_ne!(second, secret);
    office.owner.post(&format!("{path}/scopes"), &[("scope", "accounts--all:ro"), ("required", "accounts--all:ro")]);
    let scopes: String = office
        .world
        .database
        .value(&format!("SELECT group_concat(scope || required) FROM client_scope WHERE client_id = '{id}'"));
    assert_eq!(scopes, "accounts--all:ro1", "these and no others");
    let public = [("name", "Reports"), ("type", "javascript_app"), ("visibility", "public")];
    assert!(office.owner.post(&path, &public).header("location").ends_with("done=application_saved"));
    assert!(office.owner.get(&path).text.contains("An application of this type has no secret."));
    let confidential = office.owner.post(&path, &[("name", "Reports"), ("type", "server_side_app")]);
    assert_eq!((confidential.status, shown(&confidential.text).is_some()), (StatusCode::OK, true), "its first secret");
}

#[test]
fn what_is_wrong_with_an_application_is_named_and_nothing_is_lost() {
    let office = Office::new();
    let new = |changed: &[(&str, &str)]| {
        let base = [
            ("name", "Reports"),
            ("type", "javascript_app"),
            ("redirect_uris", "https://kept.example.com"),
            ("scope", "accounts--my:ro"),
        ];
        let kept = base.into_iter().filter(|(name, _)| !changed.iter().any(|(other, _)| name == other));
        let fields: Vec<_> = kept.chain(changed.iter().copied()).collect();
        office.owner.post("/panel/applications", &fields)
    };
    let kept =
        ["value=\"accounts--my:ro\" checked", "https://kept.example.com", "<option value=\"javascript_app\" selected>"];
    refused(&new(&[("name", "")]), UNPROCESSABLE, "name", &kept);
    refused(&new(&[("configuration_uri", "javascript:alert(1)")]), UNPROCESSABLE, "configuration_uri", &kept);
    refused(
        &new(&[("redirect_uris", "https://x.example/#f")]),
        UNPROCESSABLE,
        "redirect_uris",
        &["https://x.example/#f"],
    );
    refused(&new(&[("scope", "canary--all:rw")]), UNPROCESSABLE, "scope", &["value=\"Reports\""]);
    assert_eq!(office.world.count("client WHERE name = 'Reports'"), 0, "nothing was registered");
    let path = format!("/panel/applications/{}", office.client);
    refused(
        &office.owner.post(&path, &[("name", ""), ("redirect_uris", "https://b.example.com")]),
        UNPROCESSABLE,
        "name",
        &["https://b.example.com"],
    );
}

#[test]
fn products_are_enabled_and_disabled() {
    let office = Office::new();
    let page = office.owner.get("/panel/products").text;
    assert!(page.contains("name=\"product\" value=\"ChatBot\"") && page.contains("value=\"HelpDesk\""), "{page}");
    office.owner.post("/panel/products", &[("product", "ChatBot")]);
    let again = office.owner.post("/panel/products", &[("product", "ChatBot")]);
    assert_eq!(again.status, StatusCode::CONFLICT, "{}", again.text);
    assert_eq!(office.owner.post("/panel/products", &[("product", "canary")]).status, UNPROCESSABLE);
    office.owner.post("/panel/products/disable", &[("product", "ChatBot")]);
    assert_eq!(office.owner.post("/panel/products/disable", &[("product", "ChatBot")]).status, UNPROCESSABLE, "gone");
    assert_eq!(office.owner.post("/panel/products/disable", &[("product", "Accounts")]).status, UNPROCESSABLE);
    assert_eq!(office.world.count("organization_product WHERE product = 'ChatBot'"), 0);
}

#[test]
fn the_owner_changes_details_and_others_read_them() {
    let office = Office::new();
    let wrong = [("name", "x\u{202e}y"), ("phone", "123456789012345678901"), ("website", "javascript:1")];
    let answer = office.owner.post("/panel/organization", &wrong);
    for field in ["name", "phone", "website"] {
        refused(&answer, UNPROCESSABLE, field, &["value=\"123456789012345678901\"", "value=\"javascript:1\""]);
    }
    let fields = [("name", "Renamed"), ("phone", "+48 1"), ("website", "renamed.example")];
    assert_eq!(
        office.owner.post("/panel/organization", &fields).header("location"),
        "/panel/organization?done=organization_saved"
    );
    let page = office.administrator.get("/panel/organization").text;
    assert!(page.contains("Renamed") && page.contains("Only the owner can change these."), "{page}");
    assert!(!page.contains("method=\"post\""), "{page}");
    office.owner.post("/panel/organization", &[("name", "Renamed")]);
    let left: i64 =
        office.world.count("organization WHERE name = 'Renamed' AND company_phone IS NULL AND company_website IS NULL");
    assert_eq!(left, 1, "an empty field takes its value away");
}

#[test]
fn the_audit_log_is_filtered_by_what_who_whom_and_day() {
    let office = Office::new();
    office.owner.post("/panel/products", &[("product", "ChatBot")]);
    let show = |query: &str| office.owner.get(&format!("/panel/audit_log?{query}"));
    let entries = |query: &str| show(query).text.matches("<th scope=\"row\">").count();
    let all = entries("");
    assert!(all > 5, "{all}");
    assert_eq!(entries("action=product.enable"), 1);
    let page = show("action=product.enable").text;
    assert!(
        page.contains("Product enabled") && page.contains("ChatBot") && page.contains("owner@example.com"),
        "{page}"
    );
    assert!(page.contains("<option value=\"product.enable\" selected>"), "{page}");
    assert_eq!(entries(&format!("target={}", office.target)), 1);
    assert_eq!(entries(&format!("actor={}", office.cast.member.id)), 0);
    let today = global_accounts::domain::time::Timestamp::from_millis(office.world.app().now().millis()).rfc3339();
    let today = &today[..10];
    assert_eq!(entries(&format!("from={today}&until={today}")), all, "the day itself is meant");
    assert_eq!(entries("until=2000-01-01"), 0);
    let wrong = show("from=yesterday&action=product.enable");
    refused(&wrong, UNPROCESSABLE, "from", &["value=\"yesterday\"", "<option value=\"product.enable\" selected>"]);
    assert!(show("until=2000-01-01").text.contains("Nothing of this kind happened."));
    let page = show(&format!("actor={}", office.cast.owner.id)).text;
    assert_eq!(hidden(&page, "actor").as_deref(), Some(office.cast.owner.id.as_str()), "a further filter keeps it");
}

#[test]
fn a_refused_form_keeps_the_language_and_no_screen_has_more_than_its_own_policy() {
    let office = Office::new();
    let page = office.owner.get("/panel/organization?lang=pl").text;
    assert!(page.contains("<html lang=\"pl\">") && page.contains("action=\"/panel/organization?lang=pl\""), "{page}");
    let answer = office.owner.post("/panel/organization?lang=pl", &[("name", "a\u{202e}b")]);
    assert!(answer.text.contains("Popraw następujące"), "{}", answer.text);
    assert!(answer.header("content-security-policy").starts_with("default-src 'none'; "));
    let list = office.owner.get("/panel?lang=pl").text;
    assert!(list.contains("<input type=\"hidden\" name=\"lang\" value=\"pl\">"), "a search keeps it: {list}");
}

/// What the service writes into the log has words in every language.
#[test]
fn every_code_of_the_audit_log_has_words() {
    let mut codes: Vec<String> = Vec::new();
    for (_, text) in source::files("src/usecase") {
        for (_, literal) in source::literals(&text) {
            let nouns = [
                "account.",
                "client.",
                "organization.",
                "product.",
                "role.",
                "session.",
                "personal_token.",
                "consent.",
                "token.",
                "code.",
                "access.",
            ];
            let is_code = literal.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '.' | '_'));
            if is_code && nouns.iter().any(|noun| literal.starts_with(noun)) {
                codes.push(literal);
            }
        }
    }
    codes.sort();
    codes.dedup();
    assert!(codes.len() > 25, "{codes:?}");
    for language in Language::ALL {
        let known = action_codes(*language);
        let missing: Vec<_> = codes.iter().filter(|code| !known.contains(&code.as_str())).collect();
        assert!(missing.is_empty(), "{language:?}: {missing:?}");
    }
}
