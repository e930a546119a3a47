//! The audit log: what happened, in the same batch as the change.

use crate::domain::id::{AccountId, AuditId, OrganizationId, RequestId, SessionId};
use crate::domain::origin::Origin;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// What every row has.
pub struct Entry {
    /// Key; also orders the log.
    pub id: AuditId,
    /// When.
    pub at: Timestamp,
    /// In which request.
    pub request: RequestId,
}

/// What changed.
pub struct Change<'a> {
    /// A code such as `account.update`.
    pub action: &'static str,
    /// The noun.
    pub target_kind: &'static str,
    /// Its id.
    pub target_id: &'a str,
    /// JSON object of ids, codes and names of the fields that changed; no personal value. `{}` for none.
    pub facts: &'a str,
    /// JSON object of personal values after the change (`{"name": "..."}`); `{}` for none. Never a secret.
    pub after: &'a str,
    /// SQL of one JSON value before the change, in which `?5` is the target's id; `NULL` for none.
    pub before: &'static str,
    /// Writes nothing unless the statement just before changed a row.
    pub only_if_changed: bool,
}

impl Change<'_> {
    /// A change without details.
    pub fn new<'a>(action: &'static str, target_kind: &'static str, target_id: &'a str) -> Change<'a> {
        Change { action, target_kind, target_id, facts: "{}", after: "{}", before: "NULL", only_if_changed: false }
    }
}

/// The row of a change that the bearer of `caller` makes. The token must still be alive at this place in the batch.
pub fn record(caller: &Digest, entry: &Entry, change: &Change<'_>) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id, facts)
SELECT ?2, ?3, ?4, organization_id, 'account', account_id, client_id, session_id, ?6, ?5, ?7, ?8
FROM live_caller WHERE token_digest = ?1 AND (?9 = 0 OR changes() > 0)",
    )
    .bind(caller)
    .bind(entry.id)
    .bind(entry.at)
    .bind(change.action)
    .bind(change.target_id)
    .bind(change.target_kind)
    .bind(entry.request)
    .bind(change.facts)
    .bind(change.only_if_changed)
}

/// The personal values of a row: deleted on erasure and when they are old. Follows its [`record`] directly.
pub fn detail(entry: &Entry, origin: &Origin, change: &Change<'_>) -> Statement {
    Statement::new(format!(
        "INSERT INTO audit_detail (audit_id, at, ip, user_agent, detail)
SELECT ?1, ?2, ?3, ?4, json_object('before', json({}), 'after', json(?6))
FROM audit_log WHERE audit_id = ?1 AND target_id = ?5",
        change.before
    ))
    .bind(entry.id)
    .bind(entry.at)
    .bind(origin.ip.as_str())
    .bind(origin.user_agent.as_str())
    .bind(change.target_id)
    .bind(change.after)
}

/// The row of a sign-up, whose actor has no token yet.
pub fn record_sign_up(
    entry: &Entry,
    organization: OrganizationId,
    account: AccountId,
    session: SessionId,
) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, session_id, target_kind,
  target_id, request_id)
VALUES (?1, ?2, 'organization.create', ?3, 'account', ?4, ?5, 'organization', ?3, ?6)",
    )
    .bind(entry.id)
    .bind(entry.at)
    .bind(organization)
    .bind(account)
    .bind(session)
    .bind(entry.request)
}
