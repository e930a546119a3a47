//! The first statement of every management call: who calls, and may they?

use serde::Deserialize;

use super::{caller_organization, refuse_unless};
use crate::authz::credential::Credential;
use crate::authz::policy::{self, Credentials, Rule, Scopes};
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::scope::ScopeList;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the statement refuses.
pub mod refusal {
    /// The token is unknown, revoked, or its account, membership, session or client is gone.
    pub const UNAUTHENTICATED: &str = "unauthenticated";
    /// What was given for a personal token, where a personal token is not taken.
    pub const PERSONAL: &str = "personal";
    /// An application's token where only own credentials are taken.
    pub const OWN_CREDENTIALS: &str = "own_credentials";
    /// No effective scope allows the operation. Followed by the scopes of which one would.
    pub const SCOPE: &str = "scope ";
    /// The organization demands a second factor by now, and the account has none.
    pub const SECOND_FACTOR: &str = "second_factor";
    /// The member's primary role ranks too low.
    pub const RANK: &str = "rank";
}

/// The caller as of now.
#[derive(Debug, Deserialize)]
pub struct CallerRow {
    /// The account that acts.
    pub account_id: AccountId,
    /// The organization in which it acts.
    pub organization_id: OrganizationId,
    /// Scopes as granted to the token.
    pub granted: ScopeList,
    /// Scopes that the member's roles give now.
    pub held: ScopeList,
}

/// `target` is the account that the operation is about, where the rule asks for it; `None` is the caller's own.
///
/// The checks run in the order of the CASE, and the first that fails stops the batch. A scope is effective when one
/// that includes it was granted and one that includes it is held.
pub fn authorize(credential: &Credential, rule: &Rule, target: Option<AccountId>, now: Timestamp) -> Statement {
    let nothing: &[&str] = &[];
    let (own, others) = match rule.scopes {
        Scopes::None => (nothing, nothing),
        Scopes::AnyOf(scopes) | Scopes::OfApplications(scopes) => (nothing, scopes),
        Scopes::ByTarget { own, others } => (own, others),
    };
    let (own, others) = (own.iter().chain(others).copied(), others.iter().copied());
    let demanded = |json: String| (!matches!(rule.scopes, Scopes::None)).then_some(json);
    Statement::new(AUTHORIZE)
        .bind(credential.digest())
        .bind(match credential {
            Credential::Access(_) => "access",
            Credential::Personal { .. } => "personal",
            Credential::Page(_) => "page",
        })
        .bind(credential.claimed_account())
        .bind(demanded(policy::alternatives(own.clone())))
        .bind(demanded(policy::alternatives(others)))
        .bind(target)
        .bind(i64::from(rule.rank as u8))
        .bind(rule.own_credentials)
        .bind(own.collect::<Vec<_>>().join(" "))
        .bind(matches!(rule.scopes, Scopes::OfApplications(_)))
        .bind(rule.credentials == Credentials::Bearer)
        .bind(now)
        .bind(rule.without_second_factor)
}

/// Stops the batch as `name` unless the caller acts in `organization`.
pub fn acts_in(caller: &Digest, organization: OrganizationId, name: &str) -> Statement {
    refuse_unless(name, concat!(caller_organization!(), " = ?2")).bind(caller).bind(organization)
}

const AUTHORIZE: &str = "
WITH caller AS MATERIALIZED (
  SELECT *, client_id IS NOT NULL AND NOT product_client AS application
  FROM live_caller WHERE token_digest = ?1 AND kind = ?2 AND account_id = coalesce(?3, account_id)
),
granted AS MATERIALIZED (
  SELECT coalesce(group_concat(grant.value), '') AS scopes FROM caller, json_each(caller.scopes) AS grant
),
held AS MATERIALIZED (
  SELECT coalesce(group_concat(held_scope.scope), '') AS scopes
  FROM caller -- CROSS JOIN: the caller first, or SQLite reads every member's roles
  CROSS JOIN held_scope ON held_scope.organization_id = caller.organization_id AND held_scope.account_id = caller.account_id
),
demanded AS MATERIALIZED (
  SELECT alternative.value AS scopes
  FROM caller, json_each(CASE WHEN caller.account_id = coalesce(?6, caller.account_id) THEN ?4 ELSE ?5 END) AS alternative
)
SELECT caller.account_id, caller.organization_id, granted.scopes AS granted, held.scopes AS held,
  CASE
    WHEN caller.account_id IS NULL THEN json_extract('{}', 'refuse:unauthenticated')
    WHEN caller.mfa_due_at <= ?12 AND NOT ?13 THEN json_extract('{}', 'refuse:second_factor')
    WHEN ?11 AND EXISTS (
      SELECT 1 FROM session WHERE session.session_id = caller.session_id AND session.identity_source = 'token'
    ) THEN json_extract('{}', 'refuse:personal')
    WHEN ?8 AND caller.application THEN json_extract('{}', 'refuse:own_credentials')
    WHEN ?4 IS NOT NULL AND (caller.application OR NOT ?10) AND NOT EXISTS (
      SELECT 1 FROM demanded
      WHERE EXISTS (SELECT 1 FROM json_each(demanded.scopes) AS wide
          WHERE instr(',' || granted.scopes || ',', ',' || wide.value || ','))
        AND EXISTS (SELECT 1 FROM json_each(demanded.scopes) AS wide
          WHERE instr(',' || held.scopes || ',', ',' || wide.value || ','))
    ) THEN json_extract('{}', 'refuse:scope ' || ?9)
    WHEN ?7 > coalesce((
      SELECT max(role.rank) FROM membership_role JOIN role ON role.role_id = membership_role.role_id
      WHERE membership_role.organization_id = caller.organization_id AND membership_role.account_id = caller.account_id
        AND membership_role.type = 'primary'), 0) THEN json_extract('{}', 'refuse:rank')
  END AS verdict
FROM granted, held LEFT JOIN caller ON TRUE";
