//! Invitations to an organization, and requests for access.

use super::caller_organization;
use crate::domain::id::{AccountId, InvitationId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Takes back every invitation of a member of the caller's organization, so that no old link leads back (row Z7).
pub fn withdraw_for_member(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(concat!(
        "DELETE FROM invitation WHERE organization_id = ",
        caller_organization!(),
        " AND email_key = (SELECT email_key FROM account
  WHERE account.account_id = (SELECT coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1))"
    ))
    .bind(caller)
    .bind(account)
}

/// A request for access by somebody who belongs to the organization already.
#[derive(Clone, Copy, Debug)]
pub struct NewRequest<'a> {
    /// Key.
    pub id: InvitationId,
    /// Where.
    pub organization: OrganizationId,
    /// Who asks.
    pub account: AccountId,
    /// For which product.
    pub product: &'a str,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// Removes an open request or invitation of the same person for the same product whose time is over.
pub fn clear_expired(request: &NewRequest<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "DELETE FROM invitation WHERE organization_id = ?1 AND product = ?3 AND state IN ('pending', 'approved')
  AND expires_at <= ?4 AND email_key = (SELECT email_key FROM account WHERE account_id = ?2)",
    )
    .bind(request.organization)
    .bind(request.account)
    .bind(request.product)
    .bind(now)
}

/// Keeps a request of a member, unless one is open already.
pub fn insert_request(request: &NewRequest<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO invitation (invitation_id, organization_id, kind, state, email, email_key, name, product, account_id,
  created_at, updated_at, expires_at)
SELECT ?1, membership.organization_id, 'request', 'pending', account.email, account.email_key, account.name, ?4,
  account.account_id, ?5, ?5, ?6
FROM membership JOIN account ON account.account_id = membership.account_id
WHERE membership.organization_id = ?2 AND membership.account_id = ?3 AND membership.suspended = 0
ON CONFLICT DO NOTHING",
    )
    .bind(request.id)
    .bind(request.organization)
    .bind(request.account)
    .bind(request.product)
    .bind(now)
    .bind(request.expires_at)
}
