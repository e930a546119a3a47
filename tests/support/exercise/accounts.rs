//! A person's account: members, the own page, personal tokens, what is held about somebody.

use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::browser::hidden;
use crate::support::client::{Client, World};
use crate::support::plant::MEMBER;

pub(super) fn accounts(pass: &mut Pass, owner: &Client) {
    const ONE: &str = "/v2/accounts/{account_id}";
    let new = json!({
        "email": "member@example.com", "name": "Member", "password": "BG0SaleEBL",
        "roles": [{"product": "Accounts", "role": "administrator"}, {"product": "LiveChat", "role": "normal"}],
    });
    let created = pass.send(owner, Method::POST, "/v2/accounts", "/v2/accounts", &new).json();
    pass.send(owner, Method::POST, "/v2/accounts", "/v2/accounts", &json!({"email": "plain@example.com"}));
    let id = created["account_id"].as_str().expect("an id").to_owned();
    let path = format!("/v2/accounts/{id}");
    let changes = json!({
        "name": "Renamed", "avatar_url": "https://example.com/a.png", "default_product": "LiveChat",
        "default_organization_id": created["default_organization_id"],
        "roles": [{"product": "LiveChat", "role": "administrator"}],
    });
    pass.send(owner, Method::PATCH, &path, ONE, &changes);
    let changes = json!({
        "set_roles": [{"product": "Accounts", "role": "billing_editor"}],
        "delete_roles": [{"product": "LiveChat", "role": "administrator"}],
    });
    pass.send(owner, Method::PUT, &format!("{path}/roles"), "/v2/accounts/{account_id}/roles", &changes);
    let password = json!({"password": "another-one-7"});
    const PASSWORD: &str = "/v2/accounts/{account_id}/password/reset";
    pass.send(owner, Method::POST, &format!("{path}/password/reset"), PASSWORD, &password);
    pass.send(owner, Method::DELETE, &path, ONE, &Value::Null);
}

/// A second member of the only organization, so that its list has two pages of one.
pub(super) fn colleague(world: &World) {
    const ID: &str = "ffffffff-0000-7000-8000-000000000001";
    world.database.execute(&format!(
        "INSERT INTO account (account_id, email, email_key, created_at, updated_at)
         VALUES ('{ID}', 'colleague@example.com', 'colleague@example.com', 1, 1)"
    ));
    world.database.execute(&format!(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at)
         SELECT organization_id, '{ID}', 1, 1 FROM organization"
    ));
}

pub(super) fn personal_tokens(pass: &mut Pass, owner: &Client, account: &str) {
    let new = json!({"name": "script", "scope": "accounts--my:rw,organization--my:rw", "expires_in": 3_600});
    let created = pass.send(owner, Method::POST, "/v2/personal_token", "/v2/personal_token", &new).json();
    let text = |key: &str| created[key].as_str().expect("a text").to_owned();
    let script = owner.world.basic(account, &text("personal_token"));
    pass.get(&script, "/v2/accounts/me", "/v2/accounts/{account_id}");
    pass.get(owner, "/v2/personal_token", "/v2/personal_token");
    pass.send(
        &script,
        Method::POST,
        "/v2/organizations",
        "/v2/organizations",
        &json!({"organization": {"name": "Third"}}),
    );
    let path = format!("/v2/personal_token/{}", text("personal_token_id"));
    pass.send(owner, Method::DELETE, &path, "/v2/personal_token/{personal_token_id}", &Value::Null);
}

/// Every form of a person's own page.
pub(super) fn account_page(world: &World, pass: &mut Pass, created: &Value) {
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    let browser = world.browser_of(&account, &organization);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/profile", &[("name", "Owner")]);
    let new = [("token_name", "script"), ("scope", "accounts--my:ro"), ("expires_in", "2592000")];
    pass.send_form(&browser, "/account/personal_tokens", &new);
    let token = hidden(&browser.page(), "personal_token_id").expect("a token");
    pass.send_form(&browser, "/account/personal_tokens/delete", &[("personal_token_id", &token)]);
    let client = "0123456789abcdef0123456789abcde2";
    world.application(client, &organization, None);
    world.consent(&account, &organization, client, &["accounts--my:ro"]);
    let consent = [("client_id", client), ("organization_id", organization.as_str())];
    pass.send_form(&browser, "/account/applications/withdraw", &consent);
    let other = world.browser().sign_in_as(&account, &organization);
    pass.send_form(&browser, "/account/sessions/end", &[("session_id", &other)]);
    let second: String = world.database.value("SELECT organization_id FROM organization WHERE name = 'Second'");
    pass.send_form(&browser, "/account/organization", &[("organization_id", &second)]);
    pass.visit(&browser, "/account");
    let passwords = [("current_password", "BG0SaleEBL"), ("password", "another-one-8")];
    pass.send_form(&browser, "/account/password", &passwords);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/sessions/end_all", &[]);

    let guest = world.member_of(&organization, "guest@example.com", MEMBER);
    let browser = world.browser_of(&guest, &organization);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/organizations/leave", &[("organization_id", &organization)]);
}

/// Somebody who belongs to an organization that another owns reads what is held about them, and goes.
pub(super) fn personal_data(world: &World, pass: &mut Pass) {
    const EXPORT: &str = "/v2/accounts/me/export";
    const ERASURE: &str = "/v2/accounts/me/erasure";
    let sign_up = json!({"email": "keeper@example.com", "password": "BG0SaleEBL"});
    let kept = pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let organization = kept["organization"]["organization_id"].as_str().expect("an id").to_owned();
    let keeper = world.bearer(kept["access_token"].as_str().expect("a token"));
    pass.get(&keeper, EXPORT, EXPORT);
    for (number, by_page) in [(1, true), (2, false)] {
        let email = format!("leaver.{number}@example.com");
        let new = json!({"email": email, "password": "BG0SaleEBL"});
        let leaver = pass.send(&keeper, Method::POST, "/v2/accounts", "/v2/accounts", &new).json();
        let account = leaver["account_id"].as_str().expect("an id").to_owned();
        let browser = world.browser_of(&account, &organization);
        pass.visit(&browser, "/account");
        if by_page {
            pass.send_form(&browser, "/account/export", &[("export_password", "BG0SaleEBL")]);
            pass.visit(&browser, "/account");
            let fields = [("delete_email", email.as_str()), ("delete_password", "BG0SaleEBL")];
            pass.send_form(&browser, "/account/delete", &fields);
        } else {
            let client = world.bearer(&world.full_token_for(&account, &organization));
            pass.send(&client, Method::POST, ERASURE, ERASURE, &json!({"email": email, "password": "BG0SaleEBL"}));
        }
    }
}
