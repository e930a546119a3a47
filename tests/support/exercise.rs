//! One pass over the whole service: every route answered at least once with success, every statement executed.

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
    pass.get(&owner, "/v2/accounts/me", "/v2/accounts/{account_id}");
    pass.get(&owner, &format!("/v2/accounts/{id}"), "/v2/accounts/{account_id}");
    pass.get(&owner, "/v2/info", "/v2/info");
    pass.answers
}

struct Pass {
    answers: Vec<(Method, &'static str, Answer)>,
}

impl Pass {
    fn get(&mut self, client: &Client, path: &str, template: &'static str) {
        self.send(client, Method::GET, path, template, &Value::Null);
    }

    fn send(&mut self, client: &Client, method: Method, path: &str, template: &'static str, body: &Value) -> &Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let answer = client.send(method.clone(), path, body.into());
        assert!(answer.status < StatusCode::BAD_REQUEST, "{method} {path}: {}", answer.text);
        self.answers.push((method, template, answer));
        &self.answers.last().expect("the one just pushed").2
    }
}
