//! The end of a token, and of what was given together with it.

use serde::de::IgnoredAny;

use crate::app::App;
use crate::oauth::envelope::{Kind, Opened};
use crate::ports::Rows;
use crate::store::{access_tokens, audit, refresh_families};
use crate::usecase::tokens::introspect;
use crate::usecase::{Failure, Refusal, audit_entry};

/// A genuine, unexpired token to be revoked.
pub enum Subject {
    /// An access token.
    Access(Opened),
    /// A refresh token.
    Refresh(Opened),
}

impl Subject {
    /// Opens the envelope. `None` for whatever is neither an access nor a refresh token, or is over: costs no storage.
    pub fn open(app: &App, text: &str) -> Option<Self> {
        let as_access = app.open(Kind::Access, text).ok().map(Self::Access);
        as_access.or_else(|| app.open(Kind::Refresh, text).ok().map(Self::Refresh))
    }
}

/// Revokes a token. Possession is the authority (API, section 2.6): a dead session or a suspended member may still give
/// a token back. An access token takes its family with it, a refresh token every access token of its family.
///
/// An unknown or already revoked token is not found. When the database does not answer, neither does this (row I2).
pub async fn revoke(app: &App, subject: &Subject) -> Result<(), Failure> {
    let now = app.now();
    let entry = audit_entry(app, now)?;
    let batch = match subject {
        Subject::Access(Opened { digest, .. }) => vec![
            access_tokens::find(digest),
            audit::record_bearer(digest, &entry, "token.revoke"),
            audit::origin(&entry, app.origin()),
            refresh_families::revoke_by_access_token(digest, now),
            access_tokens::delete_with_family(digest),
        ],
        Subject::Refresh(Opened { digest, .. }) => vec![
            refresh_families::find_unrevoked(digest),
            refresh_families::revoke_by_refresh_token(digest, now),
            audit::record_refresh_token(digest, &entry, "token.revoke", false),
            audit::origin(&entry, app.origin()),
            access_tokens::delete_of_revoked_family(digest),
        ],
    };
    let rows = app.batch(&batch).await?;
    let found: Option<IgnoredAny> = rows.first().map(Rows::first).transpose()?.flatten();
    found.map(drop).ok_or(Refusal::NotFound { resource: "token", id: None })?;
    if let Subject::Access(Opened { digest, .. }) = subject {
        introspect::forget(app, digest);
    }
    Ok(())
}
