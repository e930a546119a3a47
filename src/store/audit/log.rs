//! The audit log as it is read.

use serde::Deserialize;
use serde_json::Value;

use crate::domain::id::{AccountId, AuditId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::json;

/// One entry as it is read.
#[derive(Debug, Deserialize)]
pub struct AuditRow {
    /// Key; orders the log.
    pub audit_id: AuditId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: String,
    /// `account`, `anonymous`, `operator` or `system`.
    pub actor_kind: String,
    /// Who, when an account acted.
    pub actor_id: Option<String>,
    /// With which application's token.
    pub client_id: Option<String>,
    /// In which sign-in.
    pub session_id: Option<String>,
    /// On which noun.
    pub target_kind: Option<String>,
    /// Its id.
    pub target_id: Option<String>,
    /// In which request.
    pub request_id: String,
    /// Ids, codes and field names.
    #[serde(deserialize_with = "json")]
    pub facts: Value,
    /// `{ip, user_agent, before, after}`; `null` once the personal values are erased or too old.
    #[serde(deserialize_with = "json")]
    pub detail: Value,
}

/// Which entries are asked for; all that are given must fit.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Exactly this code.
    pub action: Option<String>,
    /// By this account.
    pub actor: Option<AccountId>,
    /// On this object.
    pub target: Option<String>,
    /// Of this organization, which became part of the caller's, or is the caller's own; of any other there are none.
    pub organization: Option<OrganizationId>,
    /// From this instant on.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
}

/// The entries of the caller's organization before `before`, newest first; at most `limit`.
///
/// The text holds a condition only where the filter has one, so that SQLite can choose the index that fits. Times become
/// bounds on the id, which begins with its time.
pub fn list_for_caller(caller: &Digest, filter: &Filter, before: Option<AuditId>, limit: i64) -> Statement {
    list(LOG, caller, filter, before, limit)
}

/// As [`list_for_caller`], each a [`NamedAuditRow`].
pub fn list_named_for_caller(caller: &Digest, filter: &Filter, before: Option<AuditId>, limit: i64) -> Statement {
    list(NAMED_LOG, caller, filter, before, limit)
}

/// An entry with what its ids are called now, within the organization; `None` for what is not there any more.
#[derive(Debug, Deserialize)]
pub struct NamedAuditRow {
    /// The entry.
    #[serde(flatten)]
    pub row: AuditRow,
    /// Name or address of the member who acted.
    pub actor_name: Option<String>,
    /// Name of a member, role or client.
    pub target_name: Option<String>,
}

macro_rules! log_columns {
    ($more:expr) => {
        concat!(
            "SELECT log.audit_id, log.at, log.action, log.actor_kind, log.actor_id, log.client_id, log.session_id,
  log.target_kind, log.target_id, log.request_id, log.facts,
  coalesce((SELECT json_object('ip', ip, 'user_agent', user_agent, 'before', json(detail -> 'before'),
    'after', json(detail -> 'after')) FROM audit_detail WHERE audit_detail.audit_id = log.audit_id), 'null') AS detail",
            $more
        )
    };
}

macro_rules! member_name {
    ($id:literal) => {
        concat!(
            "(SELECT coalesce(nullif(account.name, ''), account.email)
    FROM membership JOIN account ON account.account_id = membership.account_id
    WHERE membership.organization_id = log.organization_id AND membership.account_id = ",
            $id,
            ")"
        )
    };
}

const LOG: &str = log_columns!("");
const NAMED_LOG: &str = log_columns!(concat!(
    ",
  ",
    member_name!("log.actor_id"),
    " AS actor_name,
  CASE log.target_kind WHEN 'account' THEN ",
    member_name!("log.target_id"),
    "
    WHEN 'role' THEN (SELECT role.role FROM role WHERE role.role_id = log.target_id
      AND coalesce(role.organization_id, log.organization_id) = log.organization_id)
    WHEN 'client' THEN (SELECT client.name FROM client WHERE client.client_id = log.target_id
      AND client.organization_id = log.organization_id) END AS target_name"
));

fn list(columns: &str, caller: &Digest, filter: &Filter, before: Option<AuditId>, limit: i64) -> Statement {
    let mut sql = columns.to_owned()
        + "
FROM audit_log AS log
WHERE log.organization_id = (
    SELECT iif(coalesce(?4, caller.organization_id) = caller.organization_id, caller.organization_id, (
      SELECT merge.source_organization_id FROM organization_merge AS merge WHERE merge.source_organization_id = ?4
        AND merge.organization_id = caller.organization_id AND merge.state = 'done'))
    FROM live_caller AS caller WHERE caller.token_digest = ?1)
  AND log.audit_id < coalesce(?2, 'g')";
    let bounds = [filter.from, filter.until].map(|at| at.map(first_id_at));
    let [from, until] = bounds;
    let conditions = [
        (filter.action.clone(), "log.action ="),
        (filter.actor.map(|id| id.to_string()), "log.actor_id ="),
        (filter.target.clone(), "log.target_id ="),
        (from, "log.audit_id >="),
        (until, "log.audit_id <"),
    ];
    let given = conditions.into_iter().filter_map(|(value, condition)| Some((value?, condition)));
    let (values, conditions): (Vec<String>, Vec<&str>) = given.unzip();
    for (condition, parameter) in conditions.iter().zip(5..) {
        sql += &format!(" AND {condition} ?{parameter}");
    }
    sql += " ORDER BY log.audit_id DESC LIMIT ?3";
    let statement = Statement::new(sql).bind(caller).bind(before).bind(limit).bind(filter.organization);
    values.into_iter().fold(statement, Statement::bind)
}

/// The smallest version 7 id of an instant, as text.
fn first_id_at(at: Timestamp) -> String {
    let id = AuditId::new(at, &[0; crate::domain::id::ENTROPY_BYTES]).to_string();
    id.chars().take(13).collect()
}
