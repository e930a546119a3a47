//! The end of an organization: what foreign keys do not take with its row, in the order in which it must go.

use super::{caller_organization, refuse_unless};
use crate::domain::id::{AuditId, OrganizationId, OutboxId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Locale of a person who has not chosen one.
const DEFAULT_LOCALE: &str = "en";

/// Condition on `account`: it belongs to the organization `?1`.
macro_rules! belongs_here {
    () => {
        "account_id IN (SELECT membership.account_id FROM membership WHERE membership.organization_id = ?1)"
    };
}

/// Condition on `account`: it belongs to an organization other than `?1`.
macro_rules! belongs_elsewhere {
    () => {
        "EXISTS (SELECT 1 FROM membership AS other WHERE other.account_id = account.account_id
    AND other.organization_id <> ?1)"
    };
}

/// Stops the batch as `name` unless `organization`, which the caller has repeated, is the one in which it acts. Behind
/// this the organization is known by its id, because the caller's token ends on the way.
pub fn refuse_other_than(caller: &Digest, organization: OrganizationId, name: &str) -> Statement {
    refuse_unless(name, concat!("?2 = ", caller_organization!())).bind(caller).bind(organization)
}

/// Closes what would have moved the organization into another. What would have moved others into it goes with its row.
pub fn withdraw_merges(caller: &Digest, organization: OrganizationId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE organization_merge SET state = 'withdrawn', closed_at = ?3,
  closed_by = (SELECT account_id FROM live_caller WHERE token_digest = ?1)
WHERE source_organization_id = ?2 AND state = 'pending'",
    )
    .bind(caller)
    .bind(organization)
    .bind(now)
}

/// One mail to every member whose account stays. The organization's name is told with it, because nobody can look it up
/// by then. The rows' ids are `first` with their last twelve digits counted.
pub fn tell_who_stay(
    organization: OrganizationId,
    first: OutboxId,
    template: &'static str,
    now: Timestamp,
) -> Statement {
    Statement::new(concat!(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT substr(?2, 1, 24) || printf('%012x', row_number() OVER ()), ?3, coalesce(account.locale, ?5), 'account',
  account.account_id, (SELECT json_object('organization_id', organization_id, 'organization_name', name)
    FROM organization WHERE organization_id = ?1), ?4, ?4
FROM account WHERE account.",
        belongs_here!(),
        " AND ",
        belongs_elsewhere!()
    ))
    .bind(organization)
    .bind(first)
    .bind(template)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// Leads the next sign-in of who stays to the oldest other organization of the account.
pub fn leave_defaults(organization: OrganizationId) -> Statement {
    Statement::new(
        "UPDATE account SET default_organization_id = (SELECT other.organization_id FROM membership AS other
  WHERE other.account_id = account.account_id AND other.organization_id <> ?1
  ORDER BY other.created_at, other.organization_id LIMIT 1)
WHERE default_organization_id = ?1",
    )
    .bind(organization)
}

/// Removes the accounts that belong to this organization alone, but for the owner, who is the actor of `audit`: an
/// organization that exists has an owner.
pub fn delete_accounts(organization: OrganizationId, audit: AuditId) -> Statement {
    Statement::new(concat!(
        "DELETE FROM account WHERE ",
        belongs_here!(),
        " AND account_id <> (SELECT actor_id FROM audit_log WHERE audit_id = ?2) AND NOT ",
        belongs_elsewhere!()
    ))
    .bind(organization)
    .bind(audit)
}

/// Removes the organization. Memberships, roles, tokens, clients, invitations, domains and pictures go with it.
pub fn delete(organization: OrganizationId) -> Statement {
    Statement::new("DELETE FROM organization WHERE organization_id = ?1").bind(organization)
}

/// Removes the account of the actor of `audit` unless it belongs to an organization still.
pub fn delete_homeless_actor(audit: AuditId) -> Statement {
    Statement::new(
        "DELETE FROM account WHERE account_id = (SELECT actor_id FROM audit_log WHERE audit_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM membership WHERE membership.account_id = account.account_id)",
    )
    .bind(audit)
}
