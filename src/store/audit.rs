//! The audit log: what happened, in the same batch as the change.

mod log;

pub use log::{AuditRow, Filter, NamedAuditRow, list_for_caller, list_named_for_caller};

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

/// Stands for the id of the caller's account, which only the batch knows.
pub const OWN_ACCOUNT: &str = "me";
/// Stands for the id of the caller's organization, which only the batch knows.
pub const OWN_ORGANIZATION: &str = "my";

/// What changed.
pub struct Change<'a> {
    /// A code such as `account.update`.
    pub action: &'static str,
    /// The noun.
    pub target_kind: &'static str,
    /// Its id, [`OWN_ACCOUNT`] or [`OWN_ORGANIZATION`].
    pub target_id: &'a str,
    /// Whose log it belongs to; `None`: that of the organization in which the caller acts.
    pub organization: Option<OrganizationId>,
    /// JSON object of ids, codes and names of the fields that changed; no personal value. `{}` for none.
    pub facts: &'a str,
    /// JSON object of personal values after the change (`{"name": "..."}`); `{}` for none. Never a secret.
    pub after: &'a str,
    /// SQL of one JSON value before the change, in which `audit_log.target_id` is the target's id; `NULL` for none.
    pub before: &'static str,
    /// Writes nothing unless the statement just before changed a row.
    pub only_if_changed: bool,
}

impl Change<'_> {
    /// A change without details.
    pub fn new<'a>(action: &'static str, target_kind: &'static str, target_id: &'a str) -> Change<'a> {
        let (facts, after, before) = ("{}", "{}", "NULL");
        Change { action, target_kind, target_id, organization: None, facts, after, before, only_if_changed: false }
    }
}

/// The row of a change that the bearer of `caller` makes. The token must still be alive at this place in the batch.
pub fn record(caller: &Digest, entry: &Entry, change: &Change<'_>) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id, facts)
SELECT ?2, ?3, ?4, coalesce(?10, organization_id), 'account', account_id, client_id, session_id, ?6,
  CASE ?5 WHEN 'me' THEN account_id WHEN 'my' THEN organization_id ELSE ?5 END, ?7, ?8
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
    .bind(change.organization)
}

/// The personal values of a row: deleted on erasure and when they are old. Follows its [`record`] directly.
pub fn detail(entry: &Entry, origin: &Origin, change: &Change<'_>) -> Statement {
    Statement::new(format!(
        "INSERT INTO audit_detail (audit_id, at, ip, user_agent, detail)
SELECT ?1, ?2, ?3, ?4, json_object('before', json({}), 'after', json(?6))
FROM audit_log WHERE audit_id = ?1 AND ?5 IN ('me', 'my', target_id)",
        change.before
    ))
    .bind(entry.id)
    .bind(entry.at)
    .bind(origin.ip.as_str())
    .bind(origin.user_agent.as_str())
    .bind(change.target_id)
    .bind(change.after)
}

/// The row of what the bearer of an access token or of a session's cookie does to it or to its session, which is the
/// target. It must still be stored at this place in the batch, alive or not.
pub fn record_bearer(token: &Digest, entry: &Entry, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id)
SELECT ?2, ?3, ?4, organization_id, 'account', account_id, client_id, session_id, 'session', session_id, ?5
FROM bearer WHERE token_digest = ?1",
    )
    .bind(token)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// How a browser's session is named.
#[derive(Clone, Copy)]
pub enum Sitting<'a> {
    /// By its key.
    Id(SessionId),
    /// By its cookie for pages.
    Cookie(&'a Digest),
}

/// What a person does on a page, outside the operations of the API.
pub struct Act<'a> {
    /// In which sign-in, which is the target.
    pub sitting: Sitting<'a>,
    /// In which organization; `None`: the one in which the session's pages act.
    pub organization: Option<OrganizationId>,
    /// For which application.
    pub client: Option<&'a str>,
    /// A code such as `session.begin`.
    pub action: &'static str,
}

macro_rules! act_row {
    ($session:literal $($condition:literal)?) => {
        concat!(
            "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id)
SELECT ?2, ?3, ?4, coalesce(?5, session_organization.organization_id), 'account', session.account_id, ?6,
  session.session_id, 'session', session.session_id, ?7
FROM session LEFT JOIN session_organization ON session_organization.session_id = session.session_id
WHERE session.",
            $session,
            " = ?1"
            $(, $condition)?
        )
    };
}

/// The row of what a person does on a page. Nothing is written without the session, alive or not.
pub fn record_act(entry: &Entry, act: &Act<'_>) -> Statement {
    let statement = match act.sitting {
        Sitting::Id(_) => Statement::new(act_row!("session_id")),
        Sitting::Cookie(_) => Statement::new(act_row!("cookie_digest")),
    };
    bound(statement, entry, act)
}

/// As [`record_act`], if the statement just before changed a row: what had no effect was not done.
pub fn record_act_if_changed(entry: &Entry, act: &Act<'_>) -> Statement {
    let statement = match act.sitting {
        Sitting::Id(_) => Statement::new(act_row!("session_id" " AND changes() > 0")),
        Sitting::Cookie(_) => Statement::new(act_row!("cookie_digest" " AND changes() > 0")),
    };
    bound(statement, entry, act)
}

fn bound(statement: Statement, entry: &Entry, act: &Act<'_>) -> Statement {
    let statement = match act.sitting {
        Sitting::Id(session) => statement.bind(session),
        Sitting::Cookie(digest) => statement.bind(digest),
    };
    statement.bind(entry.id).bind(entry.at).bind(act.action).bind(act.organization).bind(act.client).bind(entry.request)
}

/// The row of what the person behind an invitation's link does about it, which is the target: `account`, in the sign-in of
/// the cookie if there is one, or somebody who is not signed in.
pub fn record_invited(
    link: &Digest,
    account: Option<AccountId>,
    cookie: Option<&Digest>,
    entry: &Entry,
    action: &'static str,
) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, session_id, target_kind,
  target_id, request_id)
SELECT ?2, ?3, ?4, invitation.organization_id, iif(?6 IS NULL, 'anonymous', 'account'), ?6,
  (SELECT session_id FROM session WHERE cookie_digest = ?7), 'invitation', invitation.invitation_id, ?5
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id WHERE mail_token.token_digest = ?1",
    )
    .bind(link)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
    .bind(account)
    .bind(cookie)
}

/// The row of what becomes of a refresh token's family, if the statement just before changed a row. `by_service`: not
/// the person's doing but this service's defence. The session is the target.
pub fn record_refresh_token(token: &Digest, entry: &Entry, action: &'static str, by_service: bool) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id)
SELECT ?2, ?3, ?4, organization_id, iif(?6, 'system', 'account'), iif(?6, NULL, account_id), client_id, session_id,
  'session', session_id, ?5
FROM refresh_token JOIN refresh_family USING (family_id) WHERE token_digest = ?1 AND changes() > 0",
    )
    .bind(token)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
    .bind(by_service)
}

/// The row of a code that was replayed, if the statement just before changed a row: this service's defence. The session is
/// the target.
pub fn record_code(code: &Digest, entry: &Entry, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id)
SELECT ?2, ?3, ?4, organization_id, 'system', NULL, client_id, session_id, 'session', session_id, ?5
FROM authorization_code WHERE code_digest = ?1 AND changes() > 0",
    )
    .bind(code)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// The row of what the link of a mail does for its account, which is the target: the person's own act, because only they
/// have the mail, in no organization and no session.
pub fn record_link(link: &Digest, entry: &Entry, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, actor_kind, actor_id, target_kind, target_id, request_id)
SELECT ?2, ?3, ?4, 'account', account_id, 'account', account_id, ?5 FROM mail_token WHERE token_digest = ?1",
    )
    .bind(link)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// The row of what the link of a mail does for a domain, which is the target: by whoever reads the postmaster's mail.
pub fn record_domain_link(link: &Digest, entry: &Entry, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, target_kind, target_id, request_id, facts)
SELECT ?2, ?3, ?4, domain.organization_id, 'anonymous', 'domain', domain.domain_id, ?5, json_object('by', 'mail')
FROM mail_token AS link JOIN organization_domain AS domain ON domain.domain_id = link.domain_id
WHERE link.token_digest = ?1",
    )
    .bind(link)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// The row of a link that somebody unknown asked for, if it was written; the account is the target.
pub fn record_asked_link(link: &Digest, entry: &Entry, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, actor_kind, target_kind, target_id, request_id)
SELECT ?2, ?3, ?4, 'anonymous', 'account', account_id, ?5 FROM mail_token WHERE token_digest = ?1",
    )
    .bind(link)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// Where the request of a row came from, for a row without values. Does nothing if the row was not written.
pub fn origin(entry: &Entry, origin: &Origin) -> Statement {
    Statement::new(
        "INSERT INTO audit_detail (audit_id, at, ip, user_agent)
SELECT audit_id, at, ?2, ?3 FROM audit_log WHERE audit_id = ?1",
    )
    .bind(entry.id)
    .bind(origin.ip.as_str())
    .bind(origin.user_agent.as_str())
}
