//! Everything that ends an access token before its time, as somebody would do it through the API.

use std::time::Duration;

use http::{Method, StatusCode};
use serde_json::json;

use super::cast::Cast;
use super::client::{Answer, Client, World};
use super::oauth::tokens;
use super::plant::{ADMINISTRATOR, MEMBER};

/// A service with an organization in which tokens are revoked.
pub struct Stage {
    pub cast: Cast,
    victims: std::cell::Cell<u32>,
}

/// One token that is alive, and what will end it.
pub struct Case {
    /// The bearer.
    pub token: String,
    revocation: Revocation,
}

/// Ends the token; may be called again when the first attempt failed.
type Revocation = Box<dyn Fn(&World) -> Answer>;

/// Sets the stage for a revocation.
type Prepare = fn(&Stage) -> Case;

/// Every event, with the number of round trips that it takes.
pub const EVENTS: &[(&str, u32, Prepare)] = &[
    ("sign-out", 1, sign_out),
    ("session removed", 1, session_removed),
    ("all sessions ended", 1, all_sessions_ended),
    ("password set", 2, password_set),
    ("role deleted", 1, role_deleted),
    ("membership removed", 1, membership_removed),
    ("account deleted", 1, account_deleted),
    ("client deleted", 1, client_deleted),
    ("client made public", 1, client_changed),
    ("product disabled", 1, product_disabled),
    ("token deleted", 1, token_deleted),
    ("refresh token deleted", 1, refresh_token_deleted),
    ("refresh token reused", 1, refresh_token_reused),
];

impl Stage {
    pub fn of(world: World) -> Self {
        Self { cast: Cast::of(world, "owner@example.com"), victims: 0.into() }
    }

    /// A new member and a token of a session of its own.
    fn victim(&self) -> (String, String) {
        let number = self.victims.replace(self.victims.get() + 1);
        let world = &self.cast.world;
        let account = world.member_of(&self.cast.organization, &format!("victim{number}@example.com"), MEMBER);
        let token = world.full_token_for(&account, &self.cast.organization);
        (account, token)
    }

    fn session_of(&self, account: &str) -> String {
        let sql = format!("SELECT session_id FROM session WHERE account_id = '{account}' ORDER BY rowid DESC LIMIT 1");
        self.cast.world.database.value(&sql)
    }

    /// The owner, with a token that does not grow old.
    fn owner(&self) -> Client {
        self.cast.world.bearer(&self.cast.world.full_token_for(&self.cast.owner.id, &self.cast.organization))
    }

    /// A client of the organization that may hold tokens.
    fn client(&self) -> String {
        let id = format!("{:032x}", self.victims.get() + 0xa_0000);
        self.cast.world.application(&id, &self.cast.organization, None);
        id
    }
}

impl Case {
    fn new(token: impl Into<String>, revocation: impl Fn(&World) -> Answer + 'static) -> Self {
        Self { token: token.into(), revocation: Box::new(revocation) }
    }

    /// Does it in this isolate.
    pub fn revoke(&self, isolate: &World) -> Answer {
        (self.revocation)(isolate)
    }
}

/// Repeats a call of `client` in any isolate.
fn call(client: &Client, method: Method, path: String, body: serde_json::Value) -> impl Fn(&World) -> Answer + 'static {
    let client = client.clone();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    move |isolate| {
        let client = Client { world: isolate.clone(), ..client.clone() };
        client.send(method.clone(), &path, body.clone().into())
    }
}

fn delete(client: &Client, path: impl Into<String>) -> impl Fn(&World) -> Answer + 'static {
    call(client, Method::DELETE, path.into(), serde_json::Value::Null)
}

fn sign_out(stage: &Stage) -> Case {
    let (_, token) = stage.victim();
    let own = stage.cast.world.bearer(&token);
    Case::new(token, delete(&own, "/v2/sessions/my"))
}

fn session_removed(stage: &Stage) -> Case {
    let (account, token) = stage.victim();
    let session = stage.session_of(&account);
    let elsewhere = stage.cast.world.bearer(&stage.cast.world.full_token_for(&account, &stage.cast.organization));
    Case::new(token, delete(&elsewhere, format!("/v2/sessions/{session}")))
}

fn all_sessions_ended(stage: &Stage) -> Case {
    let (account, token) = stage.victim();
    let elsewhere = stage.cast.world.bearer(&stage.cast.world.full_token_for(&account, &stage.cast.organization));
    Case::new(token, delete(&elsewhere, "/v2/sessions"))
}

fn password_set(stage: &Stage) -> Case {
    let (account, token) = stage.victim();
    let elsewhere = stage.cast.world.bearer(&stage.cast.world.full_token_for(&account, &stage.cast.organization));
    let path = "/v2/accounts/me/password/reset".to_owned();
    Case::new(token, call(&elsewhere, Method::POST, path, json!({"password": "another-one-7"})))
}

fn role_deleted(stage: &Stage) -> Case {
    let (account, _) = stage.victim();
    let owner = stage.owner();
    stage.cast.world.database.execute(&format!(
        "INSERT OR IGNORE INTO organization_product (organization_id, product, created_at)
         VALUES ('{}', 'LiveChat', 0)",
        stage.cast.organization
    ));
    let role = json!({"product": "LiveChat", "role": format!("role {account}"), "scope": "accounts--my:ro"});
    let created = owner.post("/v2/roles", &role);
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let role = created.json()["role_id"].as_str().expect("an id").to_owned();
    stage.cast.world.give_role(&account, &stage.cast.organization, &role);
    let token = stage.cast.world.full_token_for(&account, &stage.cast.organization);
    Case::new(token, delete(&owner, format!("/v2/roles/{role}")))
}

fn membership_removed(stage: &Stage) -> Case {
    let (account, token) = stage.victim();
    let second = format!("{:08x}-0000-7000-8000-000000000000", stage.victims.get());
    stage.cast.world.database.execute(&format!(
        "INSERT INTO organization (organization_id, created_at, updated_at) VALUES ('{second}', 1, 1)"
    ));
    stage.cast.world.member_of(&second, &format!("owner.of.{second}@example.com"), super::cast::OWNER);
    stage.cast.world.join(&account, &second, ADMINISTRATOR);
    Case::new(token, delete(&stage.owner(), format!("/v2/accounts/{account}")))
}

fn account_deleted(stage: &Stage) -> Case {
    let (account, token) = stage.victim();
    Case::new(token, delete(&stage.owner(), format!("/v2/accounts/{account}")))
}

fn client_deleted(stage: &Stage) -> Case {
    let (account, _) = stage.victim();
    let client = stage.client();
    let token = stage.cast.world.client_token_for(&account, &stage.cast.organization, &client);
    Case::new(token, delete(&stage.owner(), format!("/v2/clients/{client}")))
}

fn client_changed(stage: &Stage) -> Case {
    let (account, _) = stage.victim();
    let client = stage.client();
    let token = stage.cast.world.client_token_for(&account, &stage.cast.organization, &client);
    let path = format!("/v2/clients/{client}");
    Case::new(token, call(&stage.owner(), Method::PATCH, path, json!({"visibility": "public"})))
}

fn product_disabled(stage: &Stage) -> Case {
    let (account, _) = stage.victim();
    let world = &stage.cast.world;
    world.database.execute(&format!(
        "INSERT OR IGNORE INTO organization_product (organization_id, product, created_at)
         VALUES ('{}', 'HelpDesk', 0)",
        stage.cast.organization
    ));
    let client: String = world.database.value("SELECT client_id FROM client WHERE product = 'HelpDesk'");
    let token = world.client_token_for(&account, &stage.cast.organization, &client);
    Case::new(token, delete(&stage.owner(), "/v2/organizations/my/products/HelpDesk"))
}

fn token_deleted(stage: &Stage) -> Case {
    let (_, token) = stage.victim();
    let own = stage.cast.world.bearer(&token);
    Case::new(token, delete(&own, "/v2/token"))
}

/// Access and refresh token of a new member in an application.
fn pair(stage: &Stage) -> (String, String, String) {
    let (account, _) = stage.victim();
    let (client, session) = (stage.client(), stage.session_of(&account));
    let issue = stage.cast.world.grant(&client, &account, &stage.cast.organization, &session, &["accounts--my:rw"]);
    (client, issue.access_token, issue.refresh_token)
}

fn refresh_token_deleted(stage: &Stage) -> Case {
    let (_, access, refresh) = pair(stage);
    Case::new(access, delete(&stage.cast.world.bearer(&refresh), "/v2/token"))
}

fn refresh_token_reused(stage: &Stage) -> Case {
    let (client, _, refresh) = pair(stage);
    let body = json!({"grant_type": "refresh_token", "client_id": client, "refresh_token": refresh});
    let exchange = call(&stage.cast.world.anonymous(), Method::POST, "/v2/token".into(), body);
    let (access, _) = tokens(&exchange(&stage.cast.world));
    stage.cast.world.clock.advance(Duration::from_secs(11));
    Case::new(access, exchange)
}
