//! One pass over the whole service: every route answered at least once with success, every statement executed.

mod accounts;
mod factors;
mod invitations;
mod mails;
mod merges;
mod operator;
mod organizations;
mod panel;
mod sign_in;
mod tokens;

use global_accounts::http::pages::assets;
use global_accounts::oauth::mail_link::Purpose;
use global_accounts::usecase::sweep::sweep;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use self::accounts::{account_page, accounts, colleague, personal_data, personal_tokens};
use self::factors::{passkeys, second_factor};
use self::invitations::invitations;
use self::mails::mails;
use self::merges::merges;
use self::operator::operator_commands;
use self::organizations::{
    domains, organization_deletion, organization_life, organization_settings, organizations, roles,
};
use self::panel::{panel, panel_of_organizations};
use self::sign_in::authorization;
use self::tokens::{clients, tokens_and_sessions};
use super::browser::Browser;
use super::client::{Answer, Client, World};

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
