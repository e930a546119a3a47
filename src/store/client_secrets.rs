//! What a client proves itself with at the token endpoint.

use serde::Deserialize;

use super::flag;
use crate::oauth::client::RegisteredClient;
use crate::ports::Statement;

/// A registered client, as far as its authentication is concerned.
#[derive(Debug, Deserialize)]
pub struct ClientSecret {
    /// `None`: a public client.
    pub secret_digest: Option<String>,
    /// Strict rules, whatever the deployment's profile.
    #[serde(deserialize_with = "flag")]
    pub strict: bool,
}

impl ClientSecret {
    /// What a presented client is compared with.
    pub fn registered(&self) -> RegisteredClient<'_> {
        RegisteredClient { secret: self.secret_digest.as_deref(), strict: self.strict }
    }
}

/// One client; no row if there is no such client.
pub fn find(client_id: &str) -> Statement {
    Statement::new("SELECT secret_digest, strict FROM client WHERE client_id = ?1").bind(client_id)
}
