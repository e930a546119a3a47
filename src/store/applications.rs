//! Clients as a sign-in sees them: whoever they belong to, product clients of the catalogue among them.

use serde::Deserialize;

use super::{flag, json};
use crate::domain::client::ClientId;
use crate::domain::id::{AccountId, OrganizationId};
use crate::ports::Statement;
use crate::store::clients::ScopeOfClient;

/// A client with what an authorization request is checked against.
#[derive(Clone, Debug, Deserialize)]
pub struct ApplicationRow {
    /// Key.
    pub client_id: ClientId,
    /// Shown to people.
    pub name: String,
    /// `server_side_app` or `javascript_app`.
    pub r#type: String,
    /// `private` or `public`.
    pub visibility: String,
    /// Whose; `None` for a product client.
    pub organization_id: Option<OrganizationId>,
    /// Of which product; `None` for an organization's client.
    pub product: Option<String>,
    /// Who registered it.
    pub created_by: Option<AccountId>,
    /// Whether it has a secret.
    #[serde(deserialize_with = "flag")]
    pub confidential: bool,
    /// Strict rules, whatever the deployment's profile.
    #[serde(deserialize_with = "flag")]
    pub strict: bool,
    /// No `plain` challenge.
    #[serde(deserialize_with = "flag")]
    pub require_s256: bool,
    /// In the order in which they were given.
    #[serde(deserialize_with = "json")]
    pub redirect_uris: Vec<String>,
    /// What it may ask for.
    #[serde(deserialize_with = "json")]
    pub scopes: Vec<ScopeOfClient>,
}

/// One client: one row or none.
pub fn find(client: &ClientId) -> Statement {
    Statement::new(
        "SELECT client_id, name, type, visibility, organization_id, product, created_by,
  secret_digest IS NOT NULL AS confidential, strict, require_s256,
  (SELECT json_group_array(redirect_uri) FROM (SELECT redirect_uri FROM client_redirect_uri
     WHERE client_redirect_uri.client_id = client.client_id ORDER BY position)) AS redirect_uris,
  (SELECT json_group_array(json_object('scope', scope, 'required', required, 'description', description))
   FROM (SELECT client_scope.scope, client_scope.required, scope.description
     FROM client_scope JOIN scope ON scope.scope = client_scope.scope
     WHERE client_scope.client_id = client.client_id ORDER BY client_scope.scope)) AS scopes
FROM client WHERE client_id = ?1",
    )
    .bind(client.clone())
}
