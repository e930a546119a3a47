//! A session on the wire (API, section 1.4).

use serde::Serialize;

use crate::domain::id::{AccountId, SessionId};
use crate::usecase::sessions::SessionRow;

/// Session.
#[derive(Serialize)]
pub(super) struct Session {
    account_id: AccountId,
    session_id: SessionId,
    current: bool,
    user_agent: String,
    identity_source: String,
    ip: String,
    applications: Vec<Application>,
}

/// An application that the session was used for.
#[derive(Serialize)]
struct Application {
    name: String,
    client_id: String,
    session_id: SessionId,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let session_id = row.session_id;
        let applications = row.applications.into_iter();
        Self {
            account_id: row.account_id,
            session_id,
            current: row.current,
            user_agent: row.user_agent,
            identity_source: row.identity_source,
            ip: row.ip,
            applications: applications
                .map(|application| Application { name: application.name, client_id: application.client_id, session_id })
                .collect(),
        }
    }
}
