//! One pass over the whole service: every route answered at least once with success, every statement executed.

use global_accounts::usecase::sweep::sweep;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use super::client::{Answer, Client, World};

/// Calls every endpoint in every form that has a statement of its own, and gives the answers with the method and the
/// path template of each. Whoever adds a route or a statement extends this; the suites `routes` and `plans` say so.
pub fn exercise_everything(world: &World) -> Vec<(Method, &'static str, Answer)> {
    let mut pass = Pass { answers: Vec::new() };
    let nobody = world.anonymous();
    pass.get(&nobody, "/health", "/health");

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
    futures_executor::block_on(sweep(&world.app())).expect("the cron trigger's work");
    pass.answers
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

struct Pass {
    answers: Vec<(Method, &'static str, Answer)>,
}

impl Pass {
    fn get(&mut self, client: &Client, path: &str, template: &'static str) {
        self.send(client, Method::GET, path, template, &Value::Null);
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
        let answer = client.send(method.clone(), path, body.into());
        assert!(answer.status < StatusCode::BAD_REQUEST, "{method} {path}: {}", answer.text);
        self.answers.push((method, template, answer));
        &self.answers.last().expect("the one just pushed").2
    }
}
