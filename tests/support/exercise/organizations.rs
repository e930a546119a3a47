//! Organizations: details, products, roles, owners, settings, domains, and their end.

use global_accounts::oauth::mail_link::Purpose;
use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::client::{Client, World};

pub(super) fn organizations(pass: &mut Pass, owner: &Client) {
    const ONE: &str = "/v2/organizations/{organization_id}";
    const PRODUCTS: &str = "/v2/organizations/{organization_id}/products";
    const PRODUCT: &str = "/v2/organizations/{organization_id}/products/{product}";
    pass.get(owner, "/v2/organizations", "/v2/organizations");
    pass.get(owner, "/v2/organizations/my", ONE);
    pass.send(owner, Method::PATCH, "/v2/organizations/my", ONE, &json!({"name": "Acme 2", "company": {"phone": "1"}}));
    pass.send(
        owner,
        Method::POST,
        "/v2/organizations",
        "/v2/organizations",
        &json!({"organization": {"name": "Second"}}),
    );
    for product in ["LiveChat", "HelpDesk"] {
        pass.send(owner, Method::POST, "/v2/organizations/my/products", PRODUCTS, &json!({"product": product}));
    }
    pass.get(owner, "/v2/organizations/my/products", PRODUCTS);
    pass.send(owner, Method::DELETE, "/v2/organizations/my/products/HelpDesk", PRODUCT, &Value::Null);
    pass.get(&owner.world.anonymous(), "/v2/scopes", "/v2/scopes");
}

pub(super) fn roles(pass: &mut Pass, owner: &Client) {
    const ONE: &str = "/v2/roles/{role_id}";
    pass.get(owner, "/v2/roles", "/v2/roles");
    let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro,accounts--all:ro"});
    let role = pass.send(owner, Method::POST, "/v2/roles", "/v2/roles", &role).json();
    let path = format!("/v2/roles/{}", role["role_id"].as_str().expect("an id"));
    pass.get(owner, &path, ONE);
    pass.send(owner, Method::PATCH, &path, ONE, &json!({"role": "day shift", "scope": "accounts--my:rw"}));
    pass.send(owner, Method::DELETE, &path, ONE, &Value::Null);
}

/// An organization of its own, which changes hands twice: by a password, and by a fresh sign-in.
pub(super) fn organization_life(world: &World, pass: &mut Pass) {
    const SUSPENSION: &str = "/v2/accounts/{account_id}/suspension";
    const OWNERSHIP: &str = "/v2/organizations/{organization_id}/ownership";
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let sign_up = json!({"email": "chief@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let (chief, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    let owner = world.bearer(&text(&created["access_token"]));
    const PRODUCTS: &str = "/v2/organizations/{organization_id}/products";
    let product = json!({"product": "LiveChat"});
    pass.send(&owner, Method::POST, "/v2/organizations/my/products", PRODUCTS, &product);
    let deputy = json!({"email": "deputy@example.com", "roles": [{"product": "LiveChat", "role": "viceowner"}]});
    let deputy = text(&pass.send(&owner, Method::POST, "/v2/accounts", "/v2/accounts", &deputy).json()["account_id"]);
    for product in ["LiveChat", "Accounts"] {
        for suspended in [true, false] {
            let body = json!({"product": product, "suspended": suspended});
            pass.send(&owner, Method::PUT, &format!("/v2/accounts/{deputy}/suspension"), SUSPENSION, &body);
        }
    }
    let given = json!({"account_id": deputy, "password": "BG0SaleEBL"});
    pass.send(&owner, Method::POST, "/v2/organizations/my/ownership", OWNERSHIP, &given);
    let owner = world.bearer(&world.full_token_for(&deputy, &organization));
    let given_back = json!({"account_id": chief});
    pass.send(&owner, Method::POST, "/v2/organizations/my/ownership", OWNERSHIP, &given_back);
}

/// Two organizations that end: by a password, and by a fresh sign-in.
pub(super) fn organization_deletion(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/organizations";
    const ONE: &str = "/v2/organizations/{organization_id}";
    for password in [Some("BG0SaleEBL"), None] {
        let leaver = json!({"email": "leaver@example.com", "password": "BG0SaleEBL"});
        let created = pass.send(&world.anonymous(), Method::POST, ALL, ALL, &leaver).json();
        let owner = world.bearer(created["access_token"].as_str().expect("a token"));
        let body = json!({"organization_id": created["organization"]["organization_id"], "password": password});
        pass.send(&owner, Method::DELETE, "/v2/organizations/my", ONE, &body);
    }
}

/// A member's picture: a link, none, and bytes, planted, because an answer of this pass is text.
pub(super) fn organization_settings(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/organizations";
    const SETTINGS: &str = "/v2/accounts/{account_id}/organization_settings/{organization_id}";
    const MY: &str = "/v2/accounts/me/organization_settings/my";
    let sign_up = json!({"email": "painter@example.com"});
    let created = pass.send(&world.anonymous(), Method::POST, ALL, ALL, &sign_up).json();
    let owner = world.bearer(created["access_token"].as_str().expect("a token"));
    for avatar_url in [json!("https://example.com/a.png"), Value::Null] {
        pass.send(&owner, Method::PATCH, MY, SETTINGS, &json!({"avatar_url": avatar_url}));
    }
    let id = "ffffffff-0000-7000-8000-000000000003";
    world.database.execute(&format!(
        "INSERT INTO member_avatar (organization_id, account_id, avatar_id, updated_at, content_type, image)
         SELECT organization_id, account_id, '{id}', 1, 'image/png', CAST('picture' AS BLOB) FROM membership
         WHERE account_id = '{}'",
        created["account_id"].as_str().expect("an id")
    ));
    pass.get(&owner, MY, SETTINGS);
    pass.get(&world.anonymous(), &format!("/avatars/{id}"), "/avatars/{avatar_id}");
}

/// A domain from its addition over its proof to somebody who joins by it.
pub(super) fn domains(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/organizations";
    const DOMAINS: &str = "/v2/organizations/{organization_id}/domains";
    const DOMAIN: &str = "/v2/organizations/{organization_id}/domains/{domain_id}";
    const PROOF: &str = "/v2/organizations/{organization_id}/domains/{domain_id}/proof";
    const JOIN: &str = "/v2/organizations/{organization_id}/join";
    const JOINABLE: &str = "/v2/organizations/joinable";
    const MY: &str = "/v2/organizations/my/domains";
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let mut sign_up = |email: &str| {
        let created = pass.send(&world.anonymous(), Method::POST, ALL, ALL, &json!({"email": email})).json();
        (world.bearer(&text(&created["access_token"])), text(&created["organization"]["organization_id"]))
    };
    let (owner, organization) = sign_up("landlord@acme.example");
    let (guest, _) = sign_up("tenant@acme.example");
    let (_, home) = sign_up("lodger@acme.example");
    let lodger: String = world.database.value("SELECT account_id FROM account WHERE email = 'lodger@acme.example'");
    world.database.execute("UPDATE account SET email_verified = 1 WHERE email GLOB '*@acme.example'");
    let domain = pass.send(&owner, Method::POST, MY, DOMAINS, &json!({"domain": "acme.example"})).json();
    let (name, value) = (text(&domain["proof"]["name"]), text(&domain["proof"]["value"]));
    let answer = json!({"Status": 0, "Answer": [{"type": 16, "data": format!("\"{value}\"")}]});
    world.outbound.says(&format!("https://cloudflare-dns.com/dns-query?name={name}&type=TXT"), &answer.to_string());
    let path = format!("{MY}/{}", text(&domain["domain_id"]));
    for body in [json!({"method": "mail"}), json!({"method": "dns"}), Value::Null] {
        pass.send(&owner, Method::POST, &format!("{path}/proof"), PROOF, &body);
    }
    pass.get(&owner, MY, DOMAINS);
    pass.get(&guest, JOINABLE, JOINABLE);
    pass.send(&guest, Method::POST, &format!("/v2/organizations/{organization}/join"), JOIN, &Value::Null);
    pass.send(&owner, Method::POST, MY, DOMAINS, &json!({"domain": "second.example"}));
    let second: String =
        world.database.value("SELECT domain_id FROM organization_domain WHERE domain = 'second.example'");
    pass.send(&owner, Method::POST, &format!("{MY}/{second}/proof"), PROOF, &json!({"method": "mail"}));
    pass.use_link(world, Purpose::Domain, &[]);
    let browser = world.browser_of(&lodger, &home);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/organizations/join", &[("organization_id", &organization)]);
    pass.delete(&owner, &path, DOMAIN);
}
