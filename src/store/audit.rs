//! The audit log: what happened, in the same batch as the change.

use crate::domain::id::{AccountId, AuditId, OrganizationId, RequestId, SessionId};
use crate::domain::origin::Origin;
use crate::domain::time::Timestamp;
use crate::ports::Statement;

/// One change. Ids, codes and field names only; personal values go to [`detail`].
pub struct Entry {
    /// Key; also orders the log.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// A code such as `organization.create`.
    pub action: &'static str,
    /// Where, unless it concerns the account alone.
    pub organization: Option<OrganizationId>,
    /// Who.
    pub actor: AccountId,
    /// In which sign-in.
    pub session: Option<SessionId>,
    /// On what: kind and id.
    pub target: (&'static str, String),
    /// In which request.
    pub request: RequestId,
}

/// The entry of a use case that knows its actor.
pub fn record(entry: &Entry) -> Statement {
    let (target_kind, target_id) = &entry.target;
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, session_id, target_kind,
  target_id, request_id)
VALUES (?1, ?2, ?3, ?4, 'account', ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(entry.id)
    .bind(entry.at)
    .bind(entry.action)
    .bind(entry.organization)
    .bind(entry.actor)
    .bind(entry.session)
    .bind(*target_kind)
    .bind(target_id.as_str())
    .bind(entry.request)
}

/// The personal values of an entry: deleted on erasure and when they are old.
pub fn detail(entry: &Entry, origin: &Origin) -> Statement {
    Statement::new("INSERT INTO audit_detail (audit_id, at, ip, user_agent) VALUES (?1, ?2, ?3, ?4)")
        .bind(entry.id)
        .bind(entry.at)
        .bind(origin.ip.as_str())
        .bind(origin.user_agent.as_str())
}
