//! The end of sessions, and with them of every access and refresh token that was given in them.

use crate::app::App;
use crate::domain::id::SessionId;
use crate::store::audit::Change;
use crate::store::{access_tokens, refresh_families, sessions};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::tokens::introspect;
use crate::usecase::{Failure, Refusal};

const NOT_FOUND: &str = "session_not_found";

/// Ends one session of the caller's account; `None` is the one that the caller's token belongs to. Another account's
/// session, and one that ended already, is not found.
pub async fn end(app: &App, caller: &Caller, session: Option<SessionId>) -> Result<(), Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    match session {
        None => batch.audit_own_token("session.end")?,
        Some(id) => {
            batch.push(sessions::refuse_unless_own(batch.token(), id, NOT_FOUND));
            batch.audit(&Change::new("session.end", "session", &id.to_string()))?;
        }
    }
    batch.push(sessions::end(batch.token(), session, now));
    batch.push(refresh_families::revoke_of_session(batch.token(), session, now));
    batch.push(access_tokens::delete_of_session(batch.token(), session));
    let not_found = || Refusal::NotFound { resource: "session", id: session.map(|id| id.to_string()) };
    let own = batch.token();
    batch.run(|name| (name == NOT_FOUND).then(not_found)).await?;
    if session.is_none() {
        introspect::forget(app, own);
    }
    Ok(())
}

/// Ends every session of the caller's account, the caller's own too.
pub async fn end_all(app: &App, caller: &Caller) -> Result<(), Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.audit_own_token("session.end_all")?;
    batch.push(sessions::end_all_of_caller(batch.token(), now));
    batch.push(refresh_families::revoke_of_ended_sessions(batch.token(), now));
    batch.push(access_tokens::delete_of_ended_sessions(batch.token(), now));
    let own = batch.token();
    batch.run(|_| None).await?;
    introspect::forget(app, own);
    Ok(())
}
