//! Tokens: issued, exchanged, refreshed, looked up, revoked.

mod client_failures;
pub mod exchange;
pub mod introspect;
pub mod issue;
pub mod refresh;
pub mod revoke;
pub(super) mod window;

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::App;
use crate::config::Profile;
use crate::domain::id::{AccountId, OrganizationId};
use crate::oauth::seal::{self, Purpose};
use crate::usecase::{Failure, Fault};

/// What the token endpoint gives.
#[derive(Clone, PartialEq, Eq)]
pub struct Tokens {
    /// Shown once.
    pub access_token: String,
    /// The new one, or the one that the client keeps.
    pub refresh_token: String,
    /// Whose.
    pub account: AccountId,
    /// In which organization.
    pub organization: OrganizationId,
    /// Given to which application.
    pub client_id: String,
    /// What the access token may do now, sorted.
    pub scopes: BTreeSet<String>,
    /// How long the access token lives.
    pub expires_in: Duration,
}

/// Seals `secret` for the bearer of `key`.
fn sealed(app: &App, purpose: Purpose, key: &str, secret: &str) -> Result<String, Failure> {
    let sealed = seal::seal(purpose, key, secret, &app.random()?);
    sealed.ok_or_else(|| Fault::Internal("a secret too long to seal".into()).into())
}

/// A paired refresh token, sealed under its access token; strict deployments keep none.
fn sealed_refresh(app: &App, access_token: &str, refresh_token: &str) -> Result<Option<String>, Failure> {
    match app.config().profile {
        Profile::Compatible => sealed(app, Purpose::PairedRefresh, access_token, refresh_token).map(Some),
        Profile::Strict => Ok(None),
    }
}
