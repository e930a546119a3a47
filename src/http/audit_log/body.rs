//! An entry of the audit log on the wire.

use serde::Serialize;
use serde_json::Value;

use crate::domain::id::AuditId;
use crate::domain::time::Timestamp;
use crate::usecase::audit_log::AuditRow;

/// Entry.
#[derive(Serialize)]
pub(super) struct Entry {
    audit_id: AuditId,
    at: Timestamp,
    action: String,
    actor: Actor,
    client_id: Option<String>,
    session_id: Option<String>,
    target: Option<Target>,
    request_id: String,
    facts: Value,
    detail: Value,
}

#[derive(Serialize)]
struct Actor {
    kind: String,
    account_id: Option<String>,
}

#[derive(Serialize)]
struct Target {
    kind: String,
    id: String,
}

impl From<AuditRow> for Entry {
    fn from(row: AuditRow) -> Self {
        Self {
            audit_id: row.audit_id,
            at: row.at,
            action: row.action,
            actor: Actor { kind: row.actor_kind, account_id: row.actor_id },
            client_id: row.client_id,
            session_id: row.session_id,
            target: row.target_kind.zip(row.target_id).map(|(kind, id)| Target { kind, id }),
            request_id: row.request_id,
            facts: row.facts,
            detail: row.detail,
        }
    }
}
