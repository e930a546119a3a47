//! Invitations to an organization, and requests for access.

pub mod decisions;
pub mod links;

use serde::Deserialize;

use super::approvers::{Reach, least_rank, with_reach};
use super::memberships::primary_rank;
use super::{caller_organization, refuse_unless};
use crate::domain::email::Email;
use crate::domain::id::{AccountId, InvitationId, OrganizationId, RoleId};
use crate::domain::invitation::{Kind, State};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The caller may not invite here (`invitation_mode`).
    pub const MODE: &str = "invitation_mode";
    /// The caller does not decide about invitations to this product.
    pub const BEYOND: &str = "invitation_beyond";
    /// The person has a role of the product already.
    pub const MEMBER: &str = "invitation_member";
    /// Somebody who is no member is invited without a name.
    pub const NAMELESS: &str = "invitation_nameless";
    /// More invitations than one account may send.
    pub const TOO_MANY: &str = "invitation_too_many";
    /// No such invitation or request in the caller's organization, or its time is over.
    pub const UNKNOWN: &str = "invitation_unknown";
    /// It was decided already.
    pub const DECIDED: &str = "invitation_decided";
    /// The subscription of its product has ended.
    pub const SUBSCRIPTION: &str = "invitation_subscription";
    /// The person ranks above the caller.
    pub const ABOVE: &str = "invitation_above";
}

/// An invitation or a request, as those see it who decide.
#[derive(Debug, Deserialize)]
pub struct InvitationRow {
    /// Key.
    pub invitation_id: InvitationId,
    /// Where to.
    pub organization_id: OrganizationId,
    /// Who began it.
    pub kind: Kind,
    /// How far it has come.
    pub state: State,
    /// Of the person; may be empty.
    pub name: String,
    /// Of the person, as written.
    pub email: String,
    /// To which product.
    pub product: String,
    /// The role that was chosen, once one was.
    pub role_id: Option<RoleId>,
    /// Who invited, or who asks; `None` once that account is gone.
    pub creator_id: Option<AccountId>,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

macro_rules! open_of_state {
    ($state:literal) => {
        concat!(
            "SELECT * FROM (SELECT invitation.* FROM caller
    CROSS JOIN invitation ON invitation.organization_id = caller.organization_id AND invitation.state = '",
            $state,
            "' AND invitation.invitation_id > coalesce(?5, '')
    WHERE invitation.expires_at > ?4 AND EXISTS (SELECT 1 FROM reach WHERE reach.product IN ('', invitation.product))
    ORDER BY invitation.invitation_id LIMIT ?6)"
        )
    };
}

macro_rules! listed {
    ($from:expr) => {
        with_reach!(
            "SELECT invitation_id, organization_id, kind, state, name, email, product, role_id,
  coalesce(creator_id, account_id) AS creator_id, created_at, updated_at, expires_at
FROM (",
            $from,
            ") ORDER BY invitation_id LIMIT ?6"
        )
    };
}

/// What waits in the caller's organization, for an approval or for the person behind the link, as far as the caller may
/// see it; oldest first, after `after`; at most `limit`.
pub fn list_for_caller(caller: &Digest, after: Option<InvitationId>, limit: i64, now: Timestamp) -> Statement {
    Statement::new(listed!(concat!(open_of_state!("pending"), " UNION ALL ", open_of_state!("approved"))))
        .bind(caller)
        .bind(Reach::See.scopes())
        .bind(least_rank())
        .bind(now)
        .bind(after)
        .bind(limit)
}

/// As [`list_for_caller`], of one address: at most one for each product.
pub fn find_for_caller(caller: &Digest, email: &Email, now: Timestamp) -> Statement {
    Statement::new(listed!(
        "SELECT invitation.* FROM caller CROSS JOIN invitation ON invitation.email_key = ?5
    AND invitation.organization_id = caller.organization_id
  WHERE invitation.state IN ('pending', 'approved') AND invitation.expires_at > ?4
    AND EXISTS (SELECT 1 FROM reach WHERE reach.product IN ('', invitation.product))"
    ))
    .bind(caller)
    .bind(Reach::See.scopes())
    .bind(least_rank())
    .bind(now)
    .bind(email.key())
    .bind(-1_i64)
}

/// What a caller writes of an invitation.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitation<'a> {
    /// Key.
    pub id: InvitationId,
    /// Who is invited.
    pub email: &'a Email,
    /// May be empty for who is a member already.
    pub name: &'a str,
    /// To which product.
    pub product: &'a str,
    /// Until when it waits.
    pub expires_at: Timestamp,
}

/// The member of the caller's organization who has the address `?2`.
macro_rules! member_of_address {
    () => {
        "caller CROSS JOIN account ON account.email_key = ?2 CROSS JOIN membership
    ON membership.organization_id = caller.organization_id AND membership.account_id = account.account_id"
    };
}

/// Never for who has a role of the product; of product Accounts every member has one.
pub fn refuse_member_of_product(caller: &Digest, new: &NewInvitation<'_>) -> Statement {
    const STRANGER: &str = concat!(
        "NOT EXISTS (SELECT 1 FROM live_caller AS ",
        member_of_address!(),
        "
  WHERE caller.token_digest = ?1 AND (?3 = 'Accounts' OR EXISTS (SELECT 1 FROM membership_role AS held
    WHERE held.organization_id = membership.organization_id AND held.account_id = membership.account_id
      AND held.product = ?3)))"
    );
    refuse_unless(refusal::MEMBER, STRANGER).bind(caller).bind(new.email.key()).bind(new.product)
}

/// Only for who does not rank above the caller (rule 2 of `authz::granting`): for an invitation that gives a member its role.
pub fn refuse_above(caller: &Digest, new: &NewInvitation<'_>) -> Statement {
    const NOT_ABOVE: &str = concat!(
        "coalesce((SELECT max(role.rank) FROM live_caller AS ",
        member_of_address!(),
        "
  CROSS JOIN membership_role AS held ON held.organization_id = membership.organization_id
    AND held.account_id = membership.account_id AND held.type = 'primary'
  JOIN role ON role.role_id = held.role_id
  WHERE caller.token_digest = ?1), 0) <= ",
        primary_rank!("caller.account_id")
    );
    refuse_unless(refusal::ABOVE, NOT_ABOVE).bind(caller).bind(new.email.key())
}

/// Somebody who is new to the caller's organization, and to whom nothing waits yet, is invited by name. Whether the
/// address has an account elsewhere makes no difference (row E1).
pub fn refuse_nameless(caller: &Digest, new: &NewInvitation<'_>) -> Statement {
    const NAMED: &str = concat!(
        "?3 <> '' OR EXISTS (SELECT 1 FROM live_caller AS ",
        member_of_address!(),
        " WHERE caller.token_digest = ?1) OR EXISTS (SELECT 1 FROM live_caller AS caller
    CROSS JOIN invitation ON invitation.email_key = ?2 AND invitation.organization_id = caller.organization_id
    WHERE caller.token_digest = ?1 AND invitation.product = ?4 AND invitation.state IN ('pending', 'approved'))"
    );
    refuse_unless(refusal::NAMELESS, NAMED).bind(caller).bind(new.email.key()).bind(new.name).bind(new.product)
}

/// Removes what is open for the same person and product and over.
pub fn clear_expired_for_caller(caller: &Digest, new: &NewInvitation<'_>, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "DELETE FROM invitation WHERE organization_id = ",
        caller_organization!(),
        " AND email_key = ?2 AND product = ?3 AND state IN ('pending', 'approved') AND expires_at <= ?4"
    ))
    .bind(caller)
    .bind(new.email.key())
    .bind(new.product)
    .bind(now)
}

/// Keeps an invitation by the caller, unless one, or a request, of the same person for the same product is open.
pub fn insert_for_caller(caller: &Digest, new: &NewInvitation<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO invitation (invitation_id, organization_id, kind, state, email, email_key, name, product, creator_id,
  created_at, updated_at, expires_at)
SELECT ?2, organization_id, 'invitation', 'pending', ?3, ?4, ?5, ?6, account_id, ?7, ?7, ?8
FROM live_caller WHERE token_digest = ?1 ON CONFLICT DO NOTHING",
    )
    .bind(caller)
    .bind(new.id)
    .bind(new.email.as_written())
    .bind(new.email.key())
    .bind(new.name)
    .bind(new.product)
    .bind(now)
    .bind(new.expires_at)
}

/// The name of a row.
#[derive(Debug, Deserialize)]
pub struct InvitationKey {
    /// Key.
    pub invitation_id: InvitationId,
}

/// What is open for a person and a product in the caller's organization, or what was just accepted at once as `new.id`.
pub fn find_open(caller: &Digest, new: &NewInvitation<'_>) -> Statement {
    Statement::new(concat!(
        "SELECT invitation_id FROM invitation WHERE email_key = ?2 AND organization_id = ",
        caller_organization!(),
        " AND product = ?3 AND (state IN ('pending', 'approved') OR invitation_id = ?4)"
    ))
    .bind(caller)
    .bind(new.email.key())
    .bind(new.product)
    .bind(new.id)
}

/// Takes back every invitation and request of a member of the caller's organization, so that no old link leads back (row Z7).
pub fn withdraw_for_member(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(concat!(
        "DELETE FROM invitation WHERE organization_id = ",
        caller_organization!(),
        " AND (email_key = (SELECT email_key FROM account
    WHERE account.account_id = (SELECT coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1))
  OR account_id = (SELECT coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1))"
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
  AND NOT EXISTS (SELECT 1 FROM product_suspension WHERE product_suspension.organization_id = ?2
    AND product_suspension.account_id = ?3 AND product_suspension.product = ?4)
ON CONFLICT DO NOTHING",
    )
    .bind(request.id)
    .bind(request.organization)
    .bind(request.account)
    .bind(request.product)
    .bind(now)
    .bind(request.expires_at)
}
