//! Applications, their tokens, and sessions.

use global_accounts::usecase::tokens::issue::Issue;
use http::Method;
use serde_json::{Value, json};

use super::Pass;
use crate::support::client::{Client, World};
use crate::support::oauth::{REDIRECT_URI, SECRET, VERIFIER, s256};

pub(super) fn clients(pass: &mut Pass, owner: &Client) {
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
pub(super) fn tokens_and_sessions(world: &World, pass: &mut Pass, created: &Value) {
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
