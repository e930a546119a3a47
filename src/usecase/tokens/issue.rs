//! A sign-in of an application becomes tokens: one family, its first refresh token and its first access token.
//!
//! Every grant that begins something ends here; a refresh goes on with what is there (`refresh`).

use std::time::Duration;

use crate::app::App;
use crate::domain::id::FamilyId;
use crate::domain::time::Timestamp;
use crate::oauth::envelope::Kind;
use crate::oauth::pkce::Challenge;
use crate::oauth::redirect_uri::RedirectUri;
use crate::ports::Statement;
use crate::store::access_tokens::NewToken;
use crate::store::authorization_codes::{NewCode, REPLAY_MEMORY};
pub use crate::store::refresh_families::{Grant, NewFamily};
use crate::store::{access_tokens, audit, authorization_codes, refresh_families, refresh_tokens, session_applications};
use crate::usecase::tokens::sealed_refresh;
use crate::usecase::{Failure, audit_entry};

/// Minted tokens and the statements that make them real. Until those have committed the texts are worth nothing.
pub struct Issue {
    /// Text of the access token.
    pub access_token: String,
    /// Text of the refresh token.
    pub refresh_token: String,
    /// What both belong to.
    pub family: FamilyId,
    /// How long the access token lives.
    pub expires_in: Duration,
    /// To be sent in this order, in one batch. The first inserts the family; the rest does nothing unless it did.
    pub statements: Vec<Statement>,
}

/// Prepares tokens for a grant. `family` gives the statement that inserts the family's row: `refresh_families::insert`
/// for a grant that is decided, or a grant's own, which may insert nothing.
///
/// At most `TOKENS_PER_CLIENT` families and access tokens per client and account: the oldest end.
pub fn issue(app: &App, now: Timestamp, family: impl FnOnce(&NewFamily) -> Statement) -> Result<Issue, Failure> {
    let lifetimes = app.config().lifetimes;
    let kept = app.config().limits.tokens_per_client;
    let expires_at = now.plus(lifetimes.refresh_token);
    let new = NewFamily { id: FamilyId::new(now, &app.random()?), now, expires_at };
    // The envelope carries the absolute expiry; the idle one is in the row, because a kept token's moves.
    let refresh = app.mint(Kind::Refresh, Some(expires_at))?;
    let access_expires_at = now.plus(lifetimes.access_token);
    let access = app.mint(Kind::Access, Some(access_expires_at))?;
    let sealed = sealed_refresh(app, &access.text, &refresh.text)?;
    let token = NewToken { digest: &access.digest, sealed_refresh: sealed.as_deref(), expires_at: access_expires_at };
    let entry = audit_entry(app, now)?;
    let statements = vec![
        family(&new),
        refresh_tokens::insert_first(&refresh.digest, new.id, now, now.plus(lifetimes.refresh_token_idle)),
        audit::record_refresh_token(&refresh.digest, &entry, "token.issue", false),
        audit::origin(&entry, app.origin()),
        access_tokens::insert_first(&token, new.id, now),
        session_applications::record(new.id, now),
        refresh_families::revoke_oldest(new.id, kept, now),
        access_tokens::delete_of_families_just_revoked(new.id, now),
        access_tokens::delete_oldest(&access.digest, kept),
    ];
    let (access_token, refresh_token) = (access.text, refresh.text);
    Ok(Issue { access_token, refresh_token, family: new.id, expires_in: lifetimes.access_token, statements })
}

/// As [`issue`], for a grant that is decided.
pub fn issue_to(app: &App, now: Timestamp, grant: &Grant<'_>) -> Result<Issue, Failure> {
    issue(app, now, |family| refresh_families::insert(family, grant))
}

/// An access token of the implicit grant.
pub struct Implicit {
    /// Its text. Worth nothing until the statements have committed and the first of them changed a row.
    pub access_token: String,
    /// How long it lives.
    pub expires_in: Duration,
    /// To be sent in this order, in one batch. The first inserts the token; the rest does nothing unless it did.
    pub statements: Vec<Statement>,
}

/// Prepares the token of the implicit grant: without a refresh token, so nothing is left when it ends. Nothing is given
/// unless client, page session and membership are alive when the batch runs.
///
/// At most `TOKENS_PER_CLIENT` access tokens per client and account: the oldest end.
pub fn implicit(app: &App, now: Timestamp, grant: &Grant<'_>) -> Result<Implicit, Failure> {
    let expires_in = app.config().lifetimes.access_token;
    let expires_at = now.plus(expires_in);
    let token = app.mint(Kind::Access, Some(expires_at))?;
    let entry = audit_entry(app, now)?;
    let statements = vec![
        access_tokens::insert_implicit(&token.digest, grant, now, expires_at),
        audit::record_bearer(&token.digest, &entry, "token.issue"),
        audit::origin(&entry, app.origin()),
        session_applications::record_implicit(&token.digest, now),
        access_tokens::delete_oldest(&token.digest, app.config().limits.tokens_per_client),
    ];
    Ok(Implicit { access_token: token.text, expires_in, statements })
}

/// An authorization code.
pub struct Code {
    /// Its text. Worth nothing until the statement has committed and changed a row.
    pub code: String,
    /// Inserts it; nothing unless client, page session and membership are alive when it runs.
    pub statement: Statement,
}

/// Prepares a code for a grant, bound to where it is sent and to what its token request must answer.
///
/// Its envelope outlives it, so that a replay is still recognised; that it is over, the row says.
pub fn code(
    app: &App,
    now: Timestamp,
    grant: &Grant<'_>,
    redirect_uri: &RedirectUri,
    challenge: Option<&Challenge>,
) -> Result<Code, Failure> {
    let expires_at = now.plus(app.config().lifetimes.authorization_code);
    let minted = app.mint(Kind::Code, Some(expires_at.plus(REPLAY_MEMORY)))?;
    let new = NewCode { digest: &minted.digest, grant, redirect_uri, challenge, expires_at };
    Ok(Code { code: minted.text, statement: authorization_codes::insert(&new, now) })
}
