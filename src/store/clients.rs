//! Clients that an organization registered. Product clients of the catalogue are nobody's: none of these statements finds
//! one.

use serde::Deserialize;

use super::{caller_organization, flag, json, refuse_unless};
use crate::domain::client::{ClientId, ClientScope, ClientType, Visibility};
use crate::domain::id::OrganizationId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::redirect_uri::RedirectUri;
use crate::ports::Statement;

/// A client with what belongs to it. Its secret is not among that.
#[derive(Debug, Deserialize)]
pub struct ClientRow {
    /// Key.
    pub client_id: ClientId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Shown to people.
    pub name: String,
    /// `server_side_app` or `javascript_app`.
    pub r#type: String,
    /// `private` or `public`.
    pub visibility: String,
    /// Where its settings are.
    pub configuration_uri: Option<String>,
    /// In the order in which they were given.
    #[serde(deserialize_with = "json")]
    pub redirect_uris: Vec<String>,
    /// What it asks people for, in alphabetical order.
    #[serde(deserialize_with = "json")]
    pub scopes: Vec<ScopeOfClient>,
}

/// One scope of a client.
#[derive(Clone, Debug, Deserialize)]
pub struct ScopeOfClient {
    /// As tokens write it.
    pub scope: String,
    /// Whether sign-in fails without it.
    #[serde(deserialize_with = "flag")]
    pub required: bool,
    /// The catalogue's words.
    pub description: String,
}

/// Names with which the guards below refuse.
pub mod refusal {
    /// Not a client of the caller's organization.
    pub const UNKNOWN: &str = "client_unknown";
    /// The organization has as many as it may.
    pub const TOO_MANY: &str = "client_too_many";
    /// A secret that is not the client's.
    pub const FOREIGN_SECRET: &str = "client_foreign_secret";
    /// A new secret for a client that has none.
    pub const PUBLIC: &str = "client_public";
}

macro_rules! select_client {
    ($rest:expr) => {
        concat!(
            "SELECT client.client_id, client.organization_id, client.name, client.type, client.visibility,
  client.configuration_uri,
  (SELECT json_group_array(redirect_uri) FROM (SELECT redirect_uri FROM client_redirect_uri
     WHERE client_redirect_uri.client_id = client.client_id ORDER BY position)) AS redirect_uris,
  (SELECT json_group_array(json_object('scope', scope, 'required', required, 'description', description))
   FROM (SELECT client_scope.scope, client_scope.required, scope.description
     FROM client_scope JOIN scope ON scope.scope = client_scope.scope
     WHERE client_scope.client_id = client.client_id ORDER BY client_scope.scope)) AS scopes
FROM client WHERE client.organization_id = ",
            caller_organization!(),
            $rest
        )
    };
}

/// The clients of the caller's organization in stable order, after `after`; at most `limit`.
pub fn list_for_caller(caller: &Digest, after: Option<ClientId>, limit: i64) -> Statement {
    Statement::new(select_client!(" AND client.client_id > coalesce(?2, '') ORDER BY client.client_id LIMIT ?3"))
        .bind(caller)
        .bind(after)
        .bind(limit)
}

/// One client of the caller's organization.
pub fn get_for_caller(caller: &Digest, client: &ClientId) -> Statement {
    Statement::new(select_client!(" AND client.client_id = ?2")).bind(caller).bind(client.clone())
}

macro_rules! own_client {
    ($condition:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM client WHERE client_id = ?2 AND organization_id = ",
            caller_organization!(),
            $condition,
            ")"
        )
    };
}

/// Only for a client of the caller's organization.
pub fn refuse_unknown(caller: &Digest, client: &ClientId) -> Statement {
    refuse_unless(refusal::UNKNOWN, own_client!("")).bind(caller).bind(client.clone())
}

/// Only for an organization with fewer than `most` clients.
pub fn refuse_too_many(caller: &Digest, most: u64) -> Statement {
    let fewer = concat!("(SELECT count(*) FROM client WHERE organization_id = ", caller_organization!(), ") < ?2");
    refuse_unless(refusal::TOO_MANY, fewer).bind(caller).bind(most)
}

/// Only with the client's present secret.
pub fn refuse_foreign_secret(caller: &Digest, client: &ClientId, secret: &Digest) -> Statement {
    refuse_unless(refusal::FOREIGN_SECRET, own_client!(" AND secret_digest = ?3"))
        .bind(caller)
        .bind(client.clone())
        .bind(secret)
}

/// Only for a client that is confidential, or becomes so by `type`.
pub fn refuse_public(caller: &Digest, client: &ClientId, r#type: Option<ClientType>) -> Statement {
    refuse_unless(refusal::PUBLIC, own_client!(" AND coalesce(?3, type) = 'server_side_app'"))
        .bind(caller)
        .bind(client.clone())
        .bind(r#type.map(ClientType::as_str))
}

/// What a new client has, besides its redirect URIs and scopes.
pub struct NewClient<'a> {
    /// Key.
    pub id: &'a ClientId,
    /// Shown to people.
    pub name: &'a str,
    /// Confidential or public.
    pub r#type: ClientType,
    /// For whom.
    pub visibility: Visibility,
    /// Where its settings are.
    pub configuration_uri: Option<&'a str>,
    /// Of its secret; `None` for a public client.
    pub secret: Option<&'a Digest>,
}

/// Registers a client for the caller's organization.
pub fn insert_for_caller(caller: &Digest, client: &NewClient<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO client (client_id, organization_id, name, type, visibility, configuration_uri, secret_digest,
  created_by, created_at, updated_at)
SELECT ?2, organization_id, ?3, ?4, ?5, ?6, ?7, account_id, ?8, ?8 FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(client.id.clone())
    .bind(client.name)
    .bind(client.r#type.as_str())
    .bind(client.visibility.as_str())
    .bind(client.configuration_uri)
    .bind(client.secret)
    .bind(now)
}

/// What changes about a client; `None` stays as it is.
pub struct ChangedClient<'a> {
    /// Shown to people.
    pub name: Option<&'a str>,
    /// Confidential or public.
    pub r#type: Option<ClientType>,
    /// For whom.
    pub visibility: Option<Visibility>,
    /// Where its settings are; `Some(None)`: nowhere.
    pub configuration_uri: Option<Option<&'a str>>,
    /// Of a fresh secret, for a client that needs its first one.
    pub secret: &'a Digest,
    /// Whether the fresh secret also replaces the present one.
    pub rotate: bool,
}

/// Whether the fresh secret is the client's now.
#[derive(Debug, Deserialize)]
pub struct SecretTaken {
    /// It is; its text must be shown.
    #[serde(deserialize_with = "flag")]
    pub taken: bool,
}

/// Changes a client of the caller's organization; gives [`SecretTaken`]. A change of who may use it, or of how it proves
/// itself, ends its tokens.
pub fn update_for_caller(caller: &Digest, id: &ClientId, client: &ChangedClient<'_>, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE client SET name = coalesce(?3, name), type = coalesce(?4, type), visibility = coalesce(?5, visibility),
  configuration_uri = iif(?6, ?7, configuration_uri),
  secret_digest = CASE WHEN coalesce(?4, type) = 'javascript_app' THEN NULL
    WHEN ?9 OR secret_digest IS NULL THEN ?8 ELSE secret_digest END,
  token_epoch = token_epoch + ((coalesce(?4, type), coalesce(?5, visibility)) <> (type, visibility)),
  updated_at = ?10
WHERE client_id = ?2 AND organization_id = ",
        caller_organization!(),
        " RETURNING secret_digest IS ?8 AS taken"
    ))
    .bind(caller)
    .bind(id.clone())
    .bind(client.name)
    .bind(client.r#type.map(ClientType::as_str))
    .bind(client.visibility.map(Visibility::as_str))
    .bind(client.configuration_uri.is_some())
    .bind(client.configuration_uri.flatten())
    .bind(client.secret)
    .bind(client.rotate)
    .bind(now)
}

/// Replaces the redirect URIs of a client. After [`refuse_unknown`].
pub fn set_redirect_uris(client: &ClientId, uris: &[RedirectUri]) -> [Statement; 2] {
    let uris: Vec<&str> = uris.iter().map(RedirectUri::as_str).collect();
    [
        Statement::new("DELETE FROM client_redirect_uri WHERE client_id = ?1").bind(client.clone()),
        Statement::new(
            "INSERT INTO client_redirect_uri (client_id, position, redirect_uri)
SELECT ?1, item.key, item.value FROM json_each(?2) AS item",
        )
        .bind(client.clone())
        .bind(serde_json::json!(uris).to_string()),
    ]
}

/// Gives a client these scopes beside the others it has, or changes whether they are required. After [`refuse_unknown`].
pub fn set_scopes(client: &ClientId, scopes: &[ClientScope]) -> Statement {
    Statement::new(
        "INSERT INTO client_scope (client_id, scope, required)
SELECT ?1, item.value ->> 'scope', item.value ->> 'required' FROM json_each(?2) AS item
WHERE TRUE ON CONFLICT (client_id, scope) DO UPDATE SET required = excluded.required",
    )
    .bind(client.clone())
    .bind(serde_json::json!(scopes).to_string())
}

/// Takes these scopes from a client; those it does not have change nothing. After [`refuse_unknown`].
pub fn remove_scopes(client: &ClientId, scopes: &[ClientScope]) -> Statement {
    Statement::new(
        "DELETE FROM client_scope WHERE client_id = ?1
  AND scope IN (SELECT item.value ->> 'scope' FROM json_each(?2) AS item)",
    )
    .bind(client.clone())
    .bind(serde_json::json!(scopes).to_string())
}

/// Takes every scope but these from a client. After [`refuse_unknown`].
pub fn keep_scopes(client: &ClientId, scopes: &[ClientScope]) -> Statement {
    Statement::new(
        "DELETE FROM client_scope WHERE client_id = ?1
  AND scope NOT IN (SELECT item.value ->> 'scope' FROM json_each(?2) AS item)",
    )
    .bind(client.clone())
    .bind(serde_json::json!(scopes).to_string())
}

/// Removes a client with everything that it was given: tokens, consents, applications of sessions. After
/// [`refuse_unknown`].
pub fn delete(client: &ClientId) -> Statement {
    Statement::new("DELETE FROM client WHERE client_id = ?1").bind(client.clone())
}

/// SQL of a client as of now, for an audit row that is written before the change.
pub const BEFORE: &str = "(SELECT json_object('name', name, 'type', type, 'visibility', visibility,
    'configuration_uri', configuration_uri,
    'redirect_uris', (SELECT json_group_array(redirect_uri) FROM client_redirect_uri
      WHERE client_redirect_uri.client_id = client.client_id),
    'scopes', (SELECT json_group_object(scope, required) FROM client_scope
      WHERE client_scope.client_id = client.client_id))
  FROM client WHERE client.client_id = audit_log.target_id)";
