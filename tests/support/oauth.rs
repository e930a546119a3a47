//! Applications and what they hold, planted without a sign-in.

use std::collections::BTreeSet;

use axum::body::Body;
use futures_executor::block_on;
use global_accounts::oauth::digest::Digest;
use global_accounts::oauth::pkce::Challenge;
use global_accounts::oauth::redirect_uri::RedirectUri;
use global_accounts::ports::Clock as _;
use global_accounts::usecase::tokens::issue::{Grant, Implicit, Issue, code, implicit, issue_to};
use http::{Request, StatusCode};
use serde_json::Value;

use super::client::{Answer, Client, World};

/// The secret of every confidential application.
pub const SECRET: &str = "c2VjcmV0LW9mLWFuLWFwcGxpY2F0aW9uLTAwMDAwMDA";

/// Verifier and challenge of RFC 7636, appendix B.
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// The challenge that `@livechat/accounts-sdk` 2.1.3 makes of the same verifier.
pub const SDK_CHALLENGE: &str =
    "MzMyNjAzMDMwLDQzNzk2NzA4NCw3OTAwMTYyNjgsMTI4NTA0MTY3MiwxOTkwNzUyNDI5LDE4NDQ1MjgyMTQsMTg2MDI3NDUwNiwtODgxNzg4NDc3";
/// Where every planted code is sent.
pub const REDIRECT_URI: &str = "https://app.example.com/cb";

/// RFC 7636's own.
pub fn s256() -> Option<Challenge> {
    Some(Challenge::S256(CHALLENGE.to_owned()))
}

/// A person signed in to an application.
#[derive(Clone)]
pub struct SignedIn {
    pub world: World,
    /// The account's own token, with everything that an owner may do.
    pub owner: Client,
    pub account: String,
    pub organization: String,
    pub session: String,
    pub client_id: String,
    pub secret: Option<&'static str>,
    pub access_token: String,
    pub refresh_token: String,
}

impl World {
    /// An application of an organization.
    pub fn application(&self, client_id: &str, organization: &str, secret: Option<&str>) {
        let now = self.clock.now().millis();
        let digest = secret.map(|secret| Digest::of(secret.as_bytes()).as_str().to_owned());
        let planted = self.database.raw().execute(
            "INSERT INTO client (client_id, organization_id, name, type, visibility, secret_digest, created_at, updated_at)
             VALUES (?1, ?2, 'App', iif(?3 IS NULL, 'javascript_app', 'server_side_app'), 'private', ?3, ?4, ?4)",
            (client_id, organization, digest, now),
        );
        assert_eq!(planted, Ok(1));
    }

    /// What the end of a sign-in will do: a family with its first tokens.
    pub fn grant(&self, client_id: &str, account: &str, organization: &str, session: &str, scopes: &[&str]) -> Issue {
        let app = self.app();
        let whom = [client_id, account, organization, session];
        let issue = with_grant(whom, scopes, |grant| issue_to(&app, app.now(), grant).expect("randomness"));
        let rows = block_on(app.batch(&issue.statements)).expect("a batch");
        assert_eq!(rows[0].changes(), 1, "client, session and membership are alive");
        issue
    }

    /// What a person's consent to `response_type=code` does. None if something is not alive. `whom`: client, account,
    /// organization, session.
    pub fn plant_code(
        &self,
        whom: [&str; 4],
        scopes: &[&str],
        uri: &str,
        challenge: Option<&Challenge>,
    ) -> Option<String> {
        let (app, uri) = (self.app(), RedirectUri::parse(uri).expect("a redirect URI"));
        let made = with_grant(whom, scopes, |grant| code(&app, app.now(), grant, &uri, challenge).expect("randomness"));
        let rows = block_on(app.batch(&[made.statement])).expect("a batch");
        (rows[0].changes() == 1).then_some(made.code)
    }

    /// What a person's consent to `response_type=token` does. None if something is not alive.
    pub fn plant_implicit(&self, whom: [&str; 4], scopes: &[&str]) -> Option<Implicit> {
        let app = self.app();
        let made = with_grant(whom, scopes, |grant| implicit(&app, app.now(), grant).expect("randomness"));
        let rows = block_on(app.batch(&made.statements)).expect("a batch");
        (rows[0].changes() == 1).then_some(made)
    }

    /// A new owner of a new organization, signed in to an application of it.
    pub fn signed_in(&self, secret: Option<&'static str>, scopes: &[&str]) -> SignedIn {
        let (owner, created) = self.sign_up("john@example.com");
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let (account, organization) = (text(&created["account_id"]), text(&created["organization"]["organization_id"]));
        let session: String =
            self.database.value(&format!("SELECT session_id FROM session WHERE account_id = '{account}'"));
        let client_id = "0123456789abcdef0123456789abcde0".to_owned();
        self.application(&client_id, &organization, secret);
        let issue = self.grant(&client_id, &account, &organization, &session, scopes);
        let (access_token, refresh_token) = (issue.access_token, issue.refresh_token);
        let world = self.clone();
        SignedIn { world, owner, account, organization, session, client_id, secret, access_token, refresh_token }
    }

    /// A request to the token endpoint: content type, Authorization header, path with query, body.
    pub fn ask_token(&self, form: Option<&str>, authorization: Option<&str>, path: &str, body: &str) -> Answer {
        let headers = [("content-type", form), ("authorization", authorization)];
        let request = headers.into_iter().filter_map(|(name, value)| Some((name, value?)));
        let request = request.fold(Request::post(path), |request, (name, value)| request.header(name, value));
        self.send(request.body(Body::from(body.to_owned())).expect("a request"))
    }

    pub fn count(&self, table: &str) -> i64 {
        self.database.value(&format!("SELECT count(*) FROM {table}"))
    }
}

fn with_grant<T>(whom: [&str; 4], scopes: &[&str], make: impl FnOnce(&Grant<'_>) -> T) -> T {
    let scopes: BTreeSet<String> = scopes.iter().map(|&scope| scope.to_owned()).collect();
    let [client_id, account, organization, session] = whom;
    make(&Grant {
        client_id,
        account: account.parse().expect("an id"),
        organization: organization.parse().expect("an id"),
        session: session.parse().expect("an id"),
        scopes: &scopes,
    })
}

impl SignedIn {
    /// Client, account, organization, session.
    pub fn whom(&self) -> [&str; 4] {
        [&self.client_id, &self.account, &self.organization, &self.session]
    }

    /// A fresh code of this sign-in, with the challenge of [`VERIFIER`].
    pub fn code(&self) -> String {
        self.code_for(s256().as_ref())
    }

    pub fn code_for(&self, challenge: Option<&Challenge>) -> String {
        let scopes = ["accounts--all:rw", "sessions--my:rw"];
        self.world.plant_code(self.whom(), &scopes, REDIRECT_URI, challenge).expect("everything is alive")
    }

    /// The ordinary exchange, as JSON.
    pub fn exchange(&self, code: &str) -> Answer {
        self.exchange_with(code, &[])
    }

    /// The same with parameters changed, added, or (when null) left out.
    pub fn exchange_with(&self, code: &str, changes: &[(&str, Value)]) -> Answer {
        let body = self.exchange_request(code, changes);
        self.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
    }

    pub fn exchange_request(&self, code: &str, changes: &[(&str, Value)]) -> Value {
        let mut body = serde_json::json!({
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "code": code,
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
        });
        if let Some(secret) = self.secret {
            body["client_secret"] = secret.into();
        }
        for (name, value) in changes {
            body[name] = value.clone();
        }
        body
    }

    /// The ordinary request, as JSON.
    pub fn refresh(&self, refresh_token: &str) -> Answer {
        self.refresh_with(refresh_token, &[])
    }

    /// The same with parameters changed, added, or (when null) left out.
    pub fn refresh_with(&self, refresh_token: &str, changes: &[(&str, Value)]) -> Answer {
        let body = self.request(refresh_token, changes);
        self.world.ask_token(Some("application/json"), None, "/v2/token", &body.to_string())
    }

    pub fn request(&self, refresh_token: &str, changes: &[(&str, Value)]) -> Value {
        let mut body = serde_json::json!({
            "grant_type": "refresh_token",
            "client_id": self.client_id,
            "refresh_token": refresh_token,
        });
        if let Some(secret) = self.secret {
            body["client_secret"] = secret.into();
        }
        for (name, value) in changes {
            body[name] = value.clone();
        }
        body
    }

    pub fn bearer(&self, token: &str) -> Client {
        self.world.bearer(token)
    }

    /// Families that are not revoked, access tokens stored for the application, refresh tokens not yet used.
    pub fn live(&self) -> (i64, i64, i64) {
        let count = |sql: &str| self.world.database.value(sql);
        (
            count("SELECT count(*) FROM refresh_family WHERE revoked_at IS NULL"),
            count("SELECT count(*) FROM access_token WHERE client_id IS NOT NULL"),
            count(
                "SELECT count(*) FROM refresh_token JOIN refresh_family USING (family_id) WHERE used_at IS NULL AND revoked_at IS NULL",
            ),
        )
    }
}

/// A field of a body.
pub fn text(answer: &Answer, field: &str) -> String {
    answer.json()[field].as_str().unwrap_or_else(|| panic!("no {field} in {}", answer.text)).to_owned()
}

/// A successful answer's access and refresh token.
pub fn tokens(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    (text(answer, "access_token"), text(answer, "refresh_token"))
}
