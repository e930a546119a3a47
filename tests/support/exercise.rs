//! One pass over the whole service: every route answered at least once with success, every statement executed.

use global_accounts::http::pages::assets;
use global_accounts::oauth::mail_link::Purpose;
use global_accounts::usecase::mail::send::send_all_due;
use global_accounts::usecase::operator::carry_out::carry_out;
use global_accounts::usecase::sweep::sweep;
use global_accounts::usecase::tokens::issue::Issue;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::authenticator::Authenticator;
use super::authorize::{LIVECHAT, but, code_request, token_request, url};
use super::browser::{Browser, SESSION, hidden};
use super::cast::ADMINISTRATOR;
use super::client::{Answer, Client, PEPPER, World};
use super::oauth::{REDIRECT_URI, SECRET, VERIFIER, s256};
use super::operator;
use super::plant::MEMBER;

/// Calls every endpoint in every form that has a statement of its own, and gives the answers with the method and the
/// path template of each. Whoever adds a route or a statement extends this; the suites `routes` and `plans` say so.
pub fn exercise_everything(world: &World) -> Vec<(Method, &'static str, Answer)> {
    let mut pass = Pass { answers: Vec::new() };
    let nobody = world.anonymous();
    pass.get(&nobody, "/docs", "/docs");
    pass.get(&nobody, "/health", "/health");
    pass.get(&nobody, "/openapi.json", "/openapi.json");

    let sign_up = json!({
        "email": "owner@example.com",
        "password": "BG0SaleEBL",
        "organization": {"name": "Acme", "company": {"phone": "+48 123 456 789", "website": "example.com"}},
    });
    let created = pass.send(&nobody, Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let owner = world.bearer(created["access_token"].as_str().expect("a token"));
    let id = created["account_id"].as_str().expect("an id").to_owned();

    pass.get(&owner, "/v2/accounts", "/v2/accounts");
    pass.get(&owner, "/v2/accounts?email=owner@example.com", "/v2/accounts");
    colleague(world);
    pass.follow(&owner, "/v2/accounts?limit=1", "/v2/accounts");
    pass.get(&owner, "/v2/accounts/me", "/v2/accounts/{account_id}");
    pass.get(&owner, &format!("/v2/accounts/{id}"), "/v2/accounts/{account_id}");
    let conditions = [
        ("action", "x"),
        ("actor", &id),
        ("target", &id),
        ("from", "2023-01-01T00:00:00Z"),
        ("until", "2024-01-01T00:00:00Z"),
    ];
    for chosen in 0..1 << conditions.len() {
        let given = conditions.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1);
        let query: Vec<String> = given.map(|(_, (name, value))| format!("{name}={value}")).collect();
        pass.get(&owner, &format!("/v2/audit_log?{}", query.join("&")), "/v2/audit_log");
    }
    pass.get(&owner, "/v2/info", "/v2/info");
    organizations(&mut pass, &owner);
    roles(&mut pass, &owner);
    accounts(&mut pass, &owner);
    personal_tokens(&mut pass, &owner, &id);
    clients(&mut pass, &owner);
    pass.get(&owner, "/info", "/info");
    tokens_and_sessions(world, &mut pass, &created);
    account_page(world, &mut pass, &created);
    authorization(world, &mut pass, &created);
    panel(world, &mut pass);
    organization_life(world, &mut pass);
    organization_deletion(world, &mut pass);
    organization_settings(world, &mut pass);
    domains(world, &mut pass);
    invitations(world, &mut pass);
    mails(world, &mut pass);
    merges(world, &mut pass);
    // So many people have signed up by now that the network would have to wait.
    world.database.execute("DELETE FROM throttle");
    second_factor(world, &mut pass);
    passkeys(world, &mut pass);
    personal_data(world, &mut pass);
    operator_commands(world, &mut pass);
    panel_of_organizations(world, &mut pass);
    futures_executor::block_on(sweep(&world.app())).expect("the cron trigger's work");
    pass.get(&nobody, assets::url("pages.css"), "/assets/{name}");
    pass.answers
}

fn organizations(pass: &mut Pass, owner: &Client) {
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

fn roles(pass: &mut Pass, owner: &Client) {
    const ONE: &str = "/v2/roles/{role_id}";
    pass.get(owner, "/v2/roles", "/v2/roles");
    let role = json!({"product": "LiveChat", "role": "night shift", "scope": "accounts--my:ro,accounts--all:ro"});
    let role = pass.send(owner, Method::POST, "/v2/roles", "/v2/roles", &role).json();
    let path = format!("/v2/roles/{}", role["role_id"].as_str().expect("an id"));
    pass.get(owner, &path, ONE);
    pass.send(owner, Method::PATCH, &path, ONE, &json!({"role": "day shift", "scope": "accounts--my:rw"}));
    pass.send(owner, Method::DELETE, &path, ONE, &Value::Null);
}

fn accounts(pass: &mut Pass, owner: &Client) {
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

fn personal_tokens(pass: &mut Pass, owner: &Client, account: &str) {
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

fn clients(pass: &mut Pass, owner: &Client) {
    const ONE: &str = "/v2/clients/{client_id}";
    const SCOPES: &str = "/v2/clients/{client_id}/scopes";
    let new = json!({
        "name": "App", "type": "server_side_app", "visibility": "private",
        "redirect_uri": "https://app.example.com/a,https://app.example.com/b",
        "scopes": ["accounts--my:ro", {"scope": "accounts--all:ro", "required": false}],
        "configuration_uri": "https://app.example.com",
    });
    let created = pass.send(owner, Method::POST, "/v2/clients", "/v2/clients", &new).json();
    let path = format!("/v2/clients/{}", created["client_id"].as_str().expect("an id"));
    pass.get(owner, "/v2/clients", "/v2/clients");
    pass.get(owner, &path, ONE);
    pass.send(owner, Method::PATCH, &path, ONE, &json!({"name": "App 2", "redirect_uri": "https://app.example.com/c"}));
    let secret = created["secret"].as_str().expect("a secret");
    pass.send(owner, Method::PATCH, &path, ONE, &json!({"secret": secret}));
    pass.send(owner, Method::PATCH, &path, ONE, &json!({"secret": true}));
    let scopes = json!([{"scope": "accounts--my:rw", "required": true}]);
    pass.send(owner, Method::PUT, &format!("{path}/scopes"), SCOPES, &scopes);
    pass.send(owner, Method::DELETE, &format!("{path}/scopes"), SCOPES, &scopes);
    pass.send(owner, Method::DELETE, &path, ONE, &Value::Null);
}

/// Every way in which tokens are refreshed and revoked and sessions end. Ends the owner's own session too.
fn tokens_and_sessions(world: &World, pass: &mut Pass, created: &Value) {
    let (account, organization) = (&created["account_id"], &created["organization"]["organization_id"]);
    let (account, organization) = (account.as_str().expect("an id"), organization.as_str().expect("an id"));
    let (public, confidential) = ("0123456789abcdef0123456789abcde0", "0123456789abcdef0123456789abcde1");
    world.application(public, organization, None);
    world.application(confidential, organization, Some(SECRET));
    let session = || -> String {
        world.full_token_for(account, organization);
        world.database.value("SELECT session_id FROM session ORDER BY rowid DESC LIMIT 1")
    };
    let nobody = world.anonymous();
    let grant =
        |client| world.grant(client, account, organization, &session(), &["accounts--my:rw", "sessions--my:rw"]);
    for (client, path) in [(public, "/v2/token"), (confidential, "/token")] {
        let given = grant(client);
        let mut body = json!({
            "grant_type": "refresh_token", "client_id": client, "refresh_token": given.refresh_token,
        });
        if client == confidential {
            body["client_secret"] = SECRET.into();
        }
        let fresh = pass.send(&nobody, Method::POST, path, path, &body).json();
        let refreshed = fresh["refresh_token"].as_str().expect("a token");
        pass.delete(&world.bearer(refreshed), path, path);
        pass.delete(&world.bearer(&grant(client).access_token), path, path);
    }
    let scopes = ["accounts--my:rw", "sessions--my:rw"];
    let code = json!({
        "grant_type": "authorization_code", "client_id": public, "redirect_uri": REDIRECT_URI, "code_verifier": VERIFIER,
        "code": world.plant_code([public, account, organization, &session()], &scopes, REDIRECT_URI, s256().as_ref()),
    });
    pass.send(&nobody, Method::POST, "/v2/token", "/v2/token", &code);
    let given = world.plant_implicit([public, account, organization, &session()], &scopes).expect("a token");
    pass.delete(&world.bearer(&given.access_token), "/v2/token", "/v2/token");
    let bearer = |given: Issue| world.bearer(&given.access_token);
    pass.get(&bearer(grant(public)), "/v2/sessions", "/v2/sessions");
    pass.delete(&bearer(grant(public)), &format!("/v2/sessions/{}", session()), "/v2/sessions/{session_id}");
    pass.delete(&bearer(grant(public)), "/v2/sessions/my", "/v2/sessions/{session_id}");
    pass.delete(&bearer(grant(public)), "/v2/sessions", "/v2/sessions");
}

/// Every form of a person's own page.
fn account_page(world: &World, pass: &mut Pass, created: &Value) {
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

/// A second member of the only organization, so that its list has two pages of one.
fn colleague(world: &World) {
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

/// An organization of its own, which changes hands twice: by a password, and by a fresh sign-in.
fn organization_life(world: &World, pass: &mut Pass) {
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
fn organization_deletion(world: &World, pass: &mut Pass) {
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
fn organization_settings(world: &World, pass: &mut Pass) {
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
fn domains(world: &World, pass: &mut Pass) {
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

struct Pass {
    answers: Vec<(Method, &'static str, Answer)>,
}

impl Pass {
    fn get(&mut self, client: &Client, path: &str, template: &'static str) {
        self.send(client, Method::GET, path, template, &Value::Null);
    }

    /// A page in a browser.
    fn visit(&mut self, browser: &Browser, path: &'static str) {
        let answer = browser.get(path);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        self.answers.push((Method::GET, path, answer));
    }

    /// A page of a path with a query, or where it leads.
    fn lead(&mut self, browser: &Browser, path: &str, template: &'static str, headers: &[(&str, &str)]) -> String {
        let answer = browser.request(Method::GET, path, headers, "");
        let location = answer.header("location").to_owned();
        assert!(answer.status < StatusCode::BAD_REQUEST || template == "/ooops", "{path}: {}", answer.text);
        assert!(!location.contains("exception"), "{path}: {location}");
        self.answers.push((Method::GET, template, answer));
        location
    }

    /// A page of a path with a query.
    fn lead_text(&mut self, browser: &Browser, path: &str, template: &'static str) -> String {
        self.lead(browser, path, template, &[]);
        browser.page()
    }

    /// Where the last answer leads, without its query.
    fn last_location(&self) -> String {
        let location = self.answers.last().expect("one just pushed").2.header("location");
        location.split('?').next().unwrap_or_default().to_owned()
    }

    /// A form of the page that was seen last, and the step to which it leads.
    fn step(&mut self, browser: &Browser, path: &'static str, fields: &[(&str, &str)]) -> String {
        self.send_form(browser, path, fields);
        let location = self.answers.last().expect("the one just pushed").2.header("location").to_owned();
        match location.starts_with("/continue") {
            true => self.lead(browser, &location, "/continue", &[]),
            false => location,
        }
    }

    /// A form of the page that was seen last.
    fn send_form(&mut self, browser: &Browser, path: &'static str, fields: &[(&str, &str)]) {
        self.send_form_to(browser, path, path, fields);
    }

    /// The same, where the path names something.
    fn send_form_to(&mut self, browser: &Browser, path: &str, template: &'static str, fields: &[(&str, &str)]) {
        let answer = browser.post(path, fields);
        let location = answer.header("location");
        assert!(answer.status < StatusCode::BAD_REQUEST, "{path}: {}", answer.text);
        assert!(!location.contains("exception"), "{path}: {location}");
        self.answers.push((Method::POST, template, answer));
    }

    fn delete(&mut self, client: &Client, path: &str, template: &'static str) {
        self.send(client, Method::DELETE, path, template, &Value::Null);
    }

    /// A first page, then the one that its `Link` names.
    fn follow(&mut self, client: &Client, path: &str, template: &'static str) {
        let first = self.send(client, Method::GET, path, template, &Value::Null);
        let link = first.header("link").to_owned();
        let next = link.strip_prefix('<').and_then(|rest| rest.split_once('>')).expect("a next page").0;
        self.get(client, next, template);
    }

    fn send(&mut self, client: &Client, method: Method, path: &str, template: &'static str, body: &Value) -> &Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let before = client.world.database.batches();
        let answer = client.send(method.clone(), path, body.into());
        let batches = client.world.database.batches() - before;
        assert_eq!(batches, answer.calls.database, "the adapter counts what the service says: {method} {path}");
        assert!(answer.status < StatusCode::BAD_REQUEST, "{method} {path}: {}", answer.text);
        self.answers.push((method, template, answer));
        &self.answers.last().expect("the one just pushed").2
    }
}

/// Every page and form on the ways of an authorization request, of people who are here for nothing else.
fn authorization(world: &World, pass: &mut Pass, created: &Value) {
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

/// Invitations by every way: approved at once and later, declined, accepted by link in each of the three ways; a request
/// for access, approved.
fn invitations(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/accounts/invitations";
    const ONE: &str = "/v2/accounts/invitations/{invitation_id}";
    let sign_up = json!({"email": "host@example.com", "password": "BG0SaleEBL"});
    let host = pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let owner = world.bearer(host["access_token"].as_str().expect("a token"));
    const PRODUCTS: &str = "/v2/organizations/{organization_id}/products";
    pass.send(&owner, Method::POST, "/v2/organizations/my/products", PRODUCTS, &json!({"product": "LiveChat"}));
    pass.send(
        &owner,
        Method::PATCH,
        "/v2/organizations/my",
        "/v2/organizations/{organization_id}",
        &json!({"invitation_mode": "lax"}),
    );
    let invite = |pass: &mut Pass, email: &str, role: Value| {
        let body = json!({"email": email, "name": "Guest", "product": "LiveChat", "role": role});
        let id = pass.send(&owner, Method::POST, ALL, ALL, &body).json()["invitation_id"].clone();
        id.as_str().expect("an id").to_owned()
    };
    let waiting = invite(pass, "first@guests.example.com", Value::Null);
    let other = invite(pass, "second@guests.example.com", Value::Null);
    pass.get(&owner, ALL, ALL);
    pass.get(&owner, &format!("{ALL}?email=first@guests.example.com"), ALL);
    pass.follow(&owner, &format!("{ALL}?limit=1"), ALL);
    pass.send(&owner, Method::PUT, &format!("{ALL}/{waiting}"), ONE, &json!({"role": "normal"}));
    pass.delete(&owner, &format!("{ALL}/{other}"), ONE);

    let link = world.link_of(&waiting);
    let token = world.token_of(&waiting);
    let browser = world.browser();
    pass.lead(&browser, &link, "/invitation", &[]);
    let person = [("token", token.as_str()), ("name", "Guest"), ("password", "BG0SaleEBL")];
    pass.send_form(&browser, "/invitation/signup", &person);
    pass.lead(&browser, &link, "/invitation", &[]);

    let known = json!({"email": "third@guests.example.com", "password": "BG0SaleEBL"});
    pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &known);
    let third = invite(pass, "third@guests.example.com", "normal".into());
    let (link, token) = (world.link_of(&third), world.token_of(&third));
    pass.lead(&browser, &link, "/invitation", &[]);
    pass.send_form(&browser, "/invitation/signin", &[("token", &token), ("password", "BG0SaleEBL")]);
    pass.lead(&browser, &link, "/invitation", &[]);
    pass.send_form(&browser, "/invitation", &[("token", &token), ("decision", "accept")]);
    let fourth = invite(pass, "fourth@guests.example.com", "normal".into());
    let (link, token) = (world.link_of(&fourth), world.token_of(&fourth));
    pass.lead(&browser, &link, "/invitation", &[]);
    pass.send_form(&browser, "/invitation", &[("token", &token), ("decision", "decline")]);
}

/// Every screen and form of the panel, in an organization of its own.
fn panel(world: &World, pass: &mut Pass) {
    let sign_up = json!({"email": "head@example.com", "password": "BG0SaleEBL", "organization": {"name": "Panel"}});
    let sign_up =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (owner, organization) = (text(&sign_up["account_id"]), text(&sign_up["organization"]["organization_id"]));
    let deputy = world.member_of(&organization, "deputy@example.com", ADMINISTRATOR);
    let browser = world.browser_of(&owner, &organization);
    pass.visit(&browser, "/panel");
    let next = hidden_link(&pass.lead_text(&browser, "/panel?limit=1", "/panel"));
    pass.lead(&browser, &next, "/panel", &[]);
    pass.lead(&browser, "/panel?q=dep", "/panel", &[]);
    for path in ["/panel/audit_log", "/panel/roles", "/panel/applications", "/panel/organization", "/panel/products"] {
        pass.visit(&browser, path);
    }

    pass.send_form(&browser, "/panel/products", &[("product", "LiveChat")]);
    pass.send_form(&browser, "/panel/products/disable", &[("product", "LiveChat")]);
    let organization_fields = [("name", "Panel"), ("phone", ""), ("website", "example.com")];
    pass.send_form(&browser, "/panel/organization", &organization_fields);

    let head = world.bearer(sign_up["access_token"].as_str().expect("a token"));
    let invite = |pass: &mut Pass, email: &str| {
        let (path, wanted) = ("/v2/accounts/invitations", json!({"email": email, "name": "Guest"}));
        let answer = pass.send(&head, Method::POST, path, path, &wanted).json();
        format!("/panel/invitations/{}", answer["invitation_id"].as_str().expect("an id"))
    };
    let [first, second] = ["guest.one@example.com", "guest.two@example.com"].map(|email| invite(pass, email));
    pass.visit(&browser, "/panel/invitations");
    let (approve, decline) =
        ("/panel/invitations/{invitation_id}/approve", "/panel/invitations/{invitation_id}/decline");
    pass.send_form_to(&browser, &format!("{first}/approve"), approve, &[("role", "member")]);
    pass.send_form_to(&browser, &format!("{second}/decline"), decline, &[]);
    let invited = [("email", "guest.three@example.com"), ("name", "Guest"), ("offer", "Accounts/member")];
    pass.send_form(&browser, "/panel/invitations", &invited);

    const ROLE: &str = "/panel/roles/{role_id}";
    let role = [("name", "night shift"), ("product", "Accounts"), ("scope", "accounts--my:ro")];
    pass.send_form(&browser, "/panel/roles", &role);
    let path = pass.last_location();
    pass.lead(&browser, &path, ROLE, &[]);
    pass.send_form_to(&browser, &path, ROLE, &[("name", "day shift"), ("scope", "accounts--my:rw")]);
    pass.send_form_to(&browser, &format!("{path}/delete"), "/panel/roles/{role_id}/delete", &[]);

    const APPLICATION: &str = "/panel/applications/{client_id}";
    let application = [
        ("name", "Panel app"),
        ("type", "server_side_app"),
        ("visibility", "private"),
        ("redirect_uris", "https://app.example.com"),
        ("scope", "accounts--my:ro"),
        ("scope", "accounts--all:ro"),
        ("required", "accounts--all:ro"),
    ];
    pass.send_form(&browser, "/panel/applications", &application);
    let id: String = world.database.value("SELECT client_id FROM client WHERE name = 'Panel app'");
    let path = format!("/panel/applications/{id}");
    pass.lead(&browser, &path, APPLICATION, &[]);
    pass.send_form_to(&browser, &path, APPLICATION, &application[..4]);
    pass.send_form_to(
        &browser,
        &format!("{path}/scopes"),
        "/panel/applications/{client_id}/scopes",
        &application[4..5],
    );
    pass.send_form_to(&browser, &format!("{path}/secret"), "/panel/applications/{client_id}/secret", &[]);
    pass.send_form_to(&browser, &format!("{path}/delete"), "/panel/applications/{client_id}/delete", &[]);

    const PERSON: &str = "/panel/people/{account_id}";
    const OWNERSHIP: &str = "/panel/people/{account_id}/ownership";
    let path = format!("/panel/people/{deputy}");
    pass.lead(&browser, &path, PERSON, &[]);
    pass.send_form_to(&browser, &format!("{path}/ownership"), OWNERSHIP, &[("current_password", "BG0SaleEBL")]);
    let heir = world.browser_of(&deputy, &organization);
    let back = format!("/panel/people/{owner}");
    pass.lead(&heir, &back, PERSON, &[]);
    pass.send_form_to(&heir, &format!("{back}/ownership"), OWNERSHIP, &[]);
    let roles = [("held", ADMINISTRATOR), ("role", MEMBER)];
    pass.send_form_to(&browser, &format!("{path}/roles"), "/panel/people/{account_id}/roles", &roles);
    let suspension = [("product", "Accounts"), ("suspended", "true")];
    pass.send_form_to(&browser, &format!("{path}/suspension"), "/panel/people/{account_id}/suspension", &suspension);
    let password = [("password", "another-one-9")];
    pass.send_form_to(&browser, &format!("{path}/password"), "/panel/people/{account_id}/password", &password);
    pass.send_form_to(&browser, &format!("{path}/remove"), "/panel/people/{account_id}/remove", &[]);
}

/// Where a list goes on.
fn hidden_link(page: &str) -> String {
    let link = page.split_once("rel=\"next\"").expect("a next page").0.rsplit_once("href=\"").expect("a link").1;
    link.trim_end_matches(['"', ' ']).replace("&#38;", "&")
}

/// Two organizations that become part of a third one, after it was asked for and taken back from both sides.
fn merges(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/organizations/{organization_id}/merges";
    const ONE: &str = "/v2/organizations/{organization_id}/merges/{merge_id}";
    const APPROVE: &str = "/v2/organizations/{organization_id}/merges/{merge_id}/approve";
    let mut found = |email: &str| {
        let sign_up = json!({"email": email, "password": "BG0SaleEBL"});
        let created =
            pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        (world.bearer(&text(&created["access_token"])), text(&created["organization"]["organization_id"]))
    };
    let [(staying, _), (joining, source), (late, other)] =
        ["staying@example.com", "joining@example.com", "late@example.com"].map(&mut found);
    world.database.execute("UPDATE account SET email_verified = 1");
    let ask = |pass: &mut Pass, wish: Value| -> String {
        let asked = pass.send(&staying, Method::POST, "/v2/organizations/my/merges", ALL, &wish).json();
        asked["merge_id"].as_str().expect("an id").to_owned()
    };
    let with_password = json!({"source_organization_id": source, "password": "BG0SaleEBL"});
    let merge = ask(pass, with_password);
    pass.get(&joining, "/v2/organizations/my/merges", ALL);
    pass.delete(&joining, &format!("/v2/organizations/my/merges/{merge}"), ONE);
    let merge = ask(pass, json!({"source_organization_id": source}));
    pass.get(&staying, &format!("/v2/organizations/{source}/merges"), ALL);
    pass.get(&staying, &format!("/v2/organizations/my/merges/{merge}"), ONE);
    let approval = json!({"password": "BG0SaleEBL"});
    let approve = |merge: &str| format!("/v2/organizations/my/merges/{merge}/approve");
    pass.send(&joining, Method::POST, &approve(&merge), APPROVE, &approval);
    let merge = ask(pass, json!({"source_organization_id": other}));
    pass.send(&late, Method::POST, &approve(&merge), APPROVE, &Value::Null);
    pass.get(&staying, &format!("/v2/audit_log?organization_id={source}"), "/v2/audit_log");
}

/// Every mail with a link, and what the link does; then the sender: without an address, with a mailer that refuses, and
/// with one that does not.
fn mails(world: &World, pass: &mut Pass) {
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

/// A second factor comes, is used in every way, and goes.
fn second_factor(world: &World, pass: &mut Pass) {
    const MFA: &str = "/v2/accounts/me/mfa";
    const TOTP: &str = "/v2/accounts/me/mfa/totp";
    const CONFIRM: &str = "/v2/accounts/me/mfa/totp/confirm";
    const CODES: &str = "/v2/accounts/me/mfa/recovery_codes";
    const STEP: &str = "/second-step";
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let sign_up = json!({"email": "careful@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let careful = world.bearer(&text(&created["access_token"]));
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    pass.get(&careful, MFA, MFA);
    pass.send(&careful, Method::POST, TOTP, TOTP, &json!({"password": "BG0SaleEBL"}));
    let enrolment = pass.send(&careful, Method::POST, TOTP, TOTP, &json!({})).json();
    let phone = world.authenticator(&text(&enrolment["secret"]));
    pass.send(&careful, Method::POST, CONFIRM, CONFIRM, &json!({"code": phone.code()}));
    let codes = pass.send(&careful, Method::POST, CODES, CODES, &Value::Null).json();
    let code = |at: usize| text(&codes["recovery_codes"][at]);
    pass.send(&careful, Method::POST, CODES, CODES, &json!({"code": code(0)}));
    let later = || world.clock.advance(std::time::Duration::from_secs(60));
    later();
    let codes = pass.send(&careful, Method::POST, CODES, CODES, &json!({"code": phone.code()})).json();
    let code = |at: usize| text(&codes["recovery_codes"][at]);

    let browser = world.browser();
    pass.lead(&browser, "/signin", "/signin", &[]);
    let person = [("email", "careful@example.com"), ("password", "BG0SaleEBL")];
    pass.send_form(&browser, "/signin", &person);
    let step = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&browser, STEP, STEP, &[]);
    pass.lead(&browser, &step, STEP, &[]);
    later();
    let answer = browser.second_step("code", &phone.code());
    pass.answers.push((Method::POST, STEP, answer));
    pass.lead(&browser, "/signin", "/signin", &[]);
    pass.send_form(&browser, "/signin", &person);
    let step = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&browser, &step, STEP, &[]);
    let answer = browser.second_step("recovery_code", &code(0));
    pass.answers.push((Method::POST, STEP, answer));

    later();
    pass.send(&careful, Method::DELETE, TOTP, TOTP, &json!({"code": phone.code()}));
    let browser = world.browser_of(&account, &organization);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/second-factor/totp", &[("mfa_password", "")]);
    pass.send_form(&browser, "/account/second-factor/totp", &[("mfa_password", "BG0SaleEBL")]);
    let key = browser.page();
    let (_, key) = key.split_once("<p class=\"key\"><code>").expect("a key");
    let phone = world.authenticator(&key.split('<').next().expect("a key").replace(' ', ""));
    pass.send_form(&browser, "/account/second-factor/totp/confirm", &[("code", &phone.code())]);
    later();
    pass.send_form(&browser, "/account/second-factor/recovery_codes", &[("renew_code", &phone.code())]);
    later();
    pass.send_form(&browser, "/account/second-factor/totp/delete", &[("disable_code", &phone.code())]);
    let careful = world.bearer(&world.full_token_for(&account, &organization));
    let enrolment = pass.send(&careful, Method::POST, TOTP, TOTP, &json!({"password": "BG0SaleEBL"})).json();
    let phone = world.authenticator(&text(&enrolment["secret"]));
    later();
    pass.send(&careful, Method::POST, CONFIRM, CONFIRM, &json!({"code": phone.code()}));
    pass.send(&careful, Method::DELETE, TOTP, TOTP, &json!({}));

    const DEMAND: &str = "/v2/organizations/{organization_id}/two_factor";
    pass.send(&careful, Method::PUT, "/v2/organizations/my/two_factor", DEMAND, &json!({"required_at": null}));
    world
        .database
        .execute(&format!("UPDATE organization SET mfa_required_at = 1 WHERE organization_id = '{organization}'"));
    let browser = world.browser_of(&account, &organization);
    pass.lead(&browser, &url("/", &code_request(LIVECHAT)), "/", &[]);
    let request = hidden(&browser.page(), "request").expect("a request");
    pass.send_form(&browser, "/set-up", &[("request", &request), ("mfa_password", "BG0SaleEBL")]);
    let key = browser.page();
    let (_, key) = key.split_once("<p class=\"key\"><code>").expect("a key");
    let phone = world.authenticator(&key.split('<').next().expect("a key").replace(' ', ""));
    later();
    pass.send_form(&browser, "/set-up/confirm", &[("request", &request), ("code", &phone.code())]);
    let careful = world.bearer(&world.full_token_for(&account, &organization));
    pass.send(
        &careful,
        Method::PUT,
        "/v2/organizations/my/two_factor",
        DEMAND,
        &json!({"required_at": "2100-01-01T00:00:00Z"}),
    );
}

impl Pass {
    /// Follows the newest link of a purpose, presses its button, and sees what is told then.
    fn use_link(&mut self, world: &World, purpose: Purpose, fields: &[(&str, &str)]) {
        let (reader, token) = (world.browser(), world.link_token(purpose));
        self.lead(&reader, &world.link(purpose), purpose.path(), &[]);
        let fields: Vec<_> = [("token", token.as_str())].into_iter().chain(fields.iter().copied()).collect();
        self.send_form(&reader, purpose.path(), &fields);
        let done = self.answers.last().expect("the one just pushed").2.header("location").to_owned();
        self.lead(&reader, &done, purpose.path(), &[]);
    }
}

/// Passkeys that are made, used, renamed and removed, by calls and by forms.
fn passkeys(world: &World, pass: &mut Pass) {
    const ALL: &str = "/v2/accounts/me/passkeys";
    const OPTIONS: &str = "/v2/accounts/me/passkeys/options";
    const ONE: &str = "/v2/accounts/me/passkeys/{passkey_id}";
    let sign_up = json!({"email": "keys@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let owner = world.bearer(&text(&created["access_token"]));
    let made = |pass: &mut Pass, seed: u8, proof: Value| -> (Value, Authenticator) {
        let options = pass.send(&owner, Method::POST, OPTIONS, OPTIONS, &proof).json();
        let mut authenticator = Authenticator::new(seed);
        let new = json!({"name": "Phone", "credential": authenticator.create(&options)});
        (pass.send(&owner, Method::POST, ALL, ALL, &new).json(), authenticator)
    };
    let (first, mut key) = made(pass, 201, json!({"password": "BG0SaleEBL"}));
    let code = |at: usize| json!({"code": first["recovery_codes"][at]});
    let (second, _) = made(pass, 202, Value::Null);
    let (third, _) = made(pass, 203, code(0));
    let [second, third] = [second, third].map(|made| format!("{ALL}/{}", made["passkey_id"].as_str().expect("an id")));
    pass.get(&owner, ALL, ALL);
    pass.send(&owner, Method::PATCH, &second, ONE, &json!({"name": "Old phone"}));
    pass.delete(&owner, &second, ONE);
    pass.send(&owner, Method::DELETE, &third, ONE, &code(1));

    let ask = |pass: &mut Pass, browser: &Browser, path: &'static str| -> Value {
        let answer = browser.copy().post(path, &[]);
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let options = answer.json();
        pass.answers.push((Method::POST, path, answer));
        options
    };
    let browser = world.browser();
    pass.visit(&browser, "/");
    let earlier = browser.copy();
    for page in [browser.page(), earlier.page()] {
        let options = ask(pass, &earlier, "/signin/passkey/options");
        let (form, credential) = (hidden(&page, "form").expect("a form"), key.get(&options).to_string());
        let fields = [("form", form.as_str()), ("credential", credential.as_str())];
        let answer = browser.post_as("/signin/passkey", Some(super::browser::ORIGIN), &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        pass.answers.push((Method::POST, "/signin/passkey", answer));
    }
    pass.visit(&browser, "/account");
    let options = ask(pass, &browser, "/account/step-up/options");
    pass.send_form(&browser, "/account/step-up", &[("credential", &key.get(&options).to_string())]);
    pass.visit(&browser, "/account");
    let options = ask(pass, &browser, "/account/passkeys/options");
    let credential = Authenticator::new(204).create(&options).to_string();
    pass.send_form(&browser, "/account/passkeys", &[("passkey_name", "Laptop"), ("credential", &credential)]);
    let last = world.database.value("SELECT passkey_id FROM passkey WHERE name = 'Laptop'");
    let last: String = last;
    pass.visit(&browser, "/account");
    let named = [("passkey_id", last.as_str()), ("passkey_name", "Old laptop")];
    pass.send_form(&browser, "/account/passkeys/rename", &named);
    pass.visit(&browser, "/account");
    pass.send_form(&browser, "/account/passkeys/delete", &named[..1]);

    let half = world.browser();
    pass.visit(&half, "/");
    pass.send_form(&half, "/signin", &[("email", "keys@example.com"), ("password", "BG0SaleEBL")]);
    let step = pass.answers.last().expect("the one just pushed").2.header("location").to_owned();
    pass.lead(&half, &step, "/second-step", &[]);
    let options = ask(pass, &half, "/second-step/passkey/options");
    let (request, credential) = (hidden(&half.page(), "request").expect("the way on"), key.get(&options).to_string());
    pass.send_form(&half, "/second-step/passkey", &[("request", &request), ("credential", &credential)]);
}

/// Somebody who belongs to an organization that another owns reads what is held about them, and goes.
fn personal_data(world: &World, pass: &mut Pass) {
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

/// A command that somebody withdraws, and one that is carried out.
fn operator_commands(world: &World, pass: &mut Pass) {
    const COMMANDS: &str = "/operator/commands";
    let sign_up = json!({"email": "locked.out@example.com", "password": "BG0SaleEBL"});
    let created =
        pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
    world.database.execute(&format!(
        "INSERT INTO totp (account_id, sealed_secret, confirmed_at, created_at) VALUES ('{account}', '', 0, 0)"
    ));
    let configured = world.reconfigured(&[("OPERATOR_PUBLIC_KEY", &operator::public_key())]);
    let ids = ["00000000-0000-7000-8000-000000000001", "00000000-0000-7000-8000-000000000002"];
    for id in ids {
        let command = operator::command(&operator::claims(world, id, &account, &organization));
        pass.send(&configured.anonymous(), Method::POST, COMMANDS, COMMANDS, &json!({"command": command}));
        if id == ids[0] {
            let browser = world.browser_of(&account, &organization);
            pass.visit(&browser, "/account");
            pass.send_form(&browser, "/account/operator_commands/withdraw", &[("command_id", id)]);
        }
    }
    world.database.execute("UPDATE operator_command SET due_at = 1");
    let done = futures_executor::block_on(carry_out(&world.app())).expect("the cron trigger's work");
    assert_eq!(done, 1, "one was withdrawn");
}

/// The panel's screens about an organization as a whole: domains, merges, its end.
fn panel_of_organizations(world: &World, pass: &mut Pass) {
    const PROOF: &str = "/panel/domains/{domain_id}/proof";
    const MERGE: &str = "/panel/merges/{merge_id}";
    const APPROVE: &str = "/panel/merges/{merge_id}/approve";
    const PASSWORD: (&str, &str) = ("current_password", "BG0SaleEBL");
    world.come_from("192.0.2.77");
    let text = |value: &Value| value.as_str().expect("an id").to_owned();
    let found = |pass: &mut Pass, email: &str| {
        let sign_up = json!({"email": email, "password": "BG0SaleEBL"});
        let created =
            pass.send(&world.anonymous(), Method::POST, "/v2/organizations", "/v2/organizations", &sign_up).json();
        let organization = text(&created["organization"]["organization_id"]);
        (world.browser_of(&text(&created["account_id"]), &organization), organization)
    };
    let [(staying, own), (joining, source), (late, other)] =
        ["staying@panel.example", "joining@panel.example", "late@panel.example"].map(|email| found(pass, email));
    world.database.execute("UPDATE account SET email_verified = 1");

    pass.visit(&staying, "/panel/domains");
    for name in ["first.panel.example", "second.panel.example"] {
        pass.send_form(&staying, "/panel/domains", &[("domain", name)]);
    }
    let id = |name: &str, column: &str| -> String {
        world.database.value(&format!("SELECT {column} FROM organization_domain WHERE domain = '{name}'"))
    };
    let answer = json!({"Status": 0, "Answer": [{"type": 16, "data": id("first.panel.example", "challenge")}]});
    let question = "https://cloudflare-dns.com/dns-query?name=_accounts-challenge.first.panel.example&type=TXT";
    world.outbound.says(question, &answer.to_string());
    let [first, second] = ["first.panel.example", "second.panel.example"].map(|name| id(name, "domain_id"));
    pass.send_form_to(&staying, &format!("/panel/domains/{first}/proof"), PROOF, &[("method", "dns")]);
    pass.send_form_to(&staying, &format!("/panel/domains/{second}/proof"), PROOF, &[("method", "mail")]);
    let remove = "/panel/domains/{domain_id}/remove";
    pass.send_form_to(&staying, &format!("/panel/domains/{second}/remove"), remove, &[]);

    let ask = |pass: &mut Pass, source: &str, proof: &[(&str, &str)]| {
        pass.visit(&staying, "/panel/merges");
        let wish = [("organization_id", own.as_str()), ("source_organization_id", source)];
        let wish: Vec<_> = wish.iter().chain(proof).copied().collect();
        pass.send_form(&staying, "/panel/merges", &wish);
        let path = pass.last_location();
        pass.lead(&staying, &path, MERGE, &[]);
        path
    };
    let path = ask(pass, &source, &[PASSWORD]);
    pass.send_form_to(&staying, &format!("{path}/withdraw"), "/panel/merges/{merge_id}/withdraw", &[]);
    for (owner, source, proof) in [(&joining, &source, &[][..]), (&late, &other, &[PASSWORD][..])] {
        let path = ask(pass, source, &[]);
        pass.lead(owner, &path, MERGE, &[]);
        let version = hidden(&owner.page(), "preview_version").expect("a version");
        let fields: Vec<_> = [("preview_version", version.as_str())].iter().chain(proof).copied().collect();
        pass.send_form_to(owner, &format!("{path}/approve"), APPROVE, &fields);
    }

    let [(fresh, first), (stale, second)] = ["one@panel.example", "two@panel.example"].map(|email| found(pass, email));
    for (owner, organization, proof) in [(&fresh, &first, &[][..]), (&stale, &second, &[PASSWORD][..])] {
        pass.visit(owner, "/panel/organization");
        pass.send_form(owner, "/panel/organization/second_factor", &[("end", "yes")]);
        let fields: Vec<_> = [("organization_id", organization.as_str())].iter().chain(proof).copied().collect();
        pass.send_form(owner, "/panel/organization/delete", &fields);
    }
    world.come_from("192.0.2.1");

    pass.visit(&staying, "/account");
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x40";
    let saved = staying.upload("/account/picture", &staying.form(), picture);
    assert_eq!(saved.header("location"), "/account?done=picture_saved#picture", "{}", saved.text);
    pass.answers.push((Method::POST, "/account/picture", saved));
    pass.visit(&staying, "/account");
    pass.send_form(&staying, "/account/picture/remove", &[]);
}
