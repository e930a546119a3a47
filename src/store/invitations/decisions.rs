//! Approving and declining. Each statement that acts for a caller looks for the invitation in the caller's organization.

use super::refusal;
use crate::domain::id::{AccountId, InvitationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::memberships::primary_rank;
use crate::store::{caller_organization, refuse_unless};

/// SQL of the account that the invitation row in scope is about: who asks, else who has the address.
macro_rules! account_of_invitation {
    () => {
        "coalesce(invitation.account_id,
    (SELECT person.account_id FROM account AS person WHERE person.email_key = invitation.email_key))"
    };
}

/// SQL: the member that invitation `?2` of the caller's organization is about, as `membership`.
macro_rules! member_of_invitation {
    () => {
        concat!(
            "live_caller AS caller
  CROSS JOIN invitation ON invitation.invitation_id = ?2 AND invitation.organization_id = caller.organization_id
  CROSS JOIN membership ON membership.organization_id = invitation.organization_id
    AND membership.account_id = ",
            account_of_invitation!()
        )
    };
}

/// Only for one of the caller's organization that was decided, or whose time is not over.
pub fn refuse_unknown(caller: &Digest, invitation: InvitationId, now: Timestamp) -> Statement {
    const KNOWN: &str = concat!(
        "EXISTS (SELECT 1 FROM invitation WHERE invitation_id = ?2 AND organization_id = ",
        caller_organization!(),
        " AND expires_at > ?3)"
    );
    refuse_unless(refusal::UNKNOWN, KNOWN).bind(caller).bind(invitation).bind(now)
}

/// Only for one that waits for an approval: also where the role that was chosen is gone.
pub fn refuse_decided(invitation: InvitationId) -> Statement {
    let waits = "EXISTS (SELECT 1 FROM invitation WHERE invitation_id = ?1
  AND (state = 'pending' OR state = 'approved' AND role_id IS NULL))";
    refuse_unless(refusal::DECIDED, waits).bind(invitation)
}

/// Only for one that can still be declined or taken back.
pub fn refuse_over(invitation: InvitationId) -> Statement {
    let open = "EXISTS (SELECT 1 FROM invitation WHERE invitation_id = ?1 AND state IN ('pending', 'approved'))";
    refuse_unless(refusal::UNKNOWN, open).bind(invitation)
}

/// Only while the product is part of the caller's organization and its subscription has not ended.
pub fn refuse_ended_subscription(caller: &Digest, invitation: InvitationId) -> Statement {
    let runs = "EXISTS (SELECT 1 FROM live_caller AS caller
  CROSS JOIN invitation ON invitation.invitation_id = ?2 AND invitation.organization_id = caller.organization_id
  WHERE caller.token_digest = ?1 AND (invitation.product = 'Accounts' OR EXISTS (
    SELECT 1 FROM organization_product AS has WHERE has.organization_id = invitation.organization_id
      AND has.product = invitation.product AND has.state IN ('trial', 'active', 'past_due'))))";
    refuse_unless(refusal::SUBSCRIPTION, runs).bind(caller).bind(invitation)
}

/// Never for who has a role of the product meanwhile.
pub fn refuse_member_of_product(caller: &Digest, invitation: InvitationId) -> Statement {
    const STRANGER: &str = concat!(
        "NOT EXISTS (SELECT 1 FROM ",
        member_of_invitation!(),
        " WHERE caller.token_digest = ?1 AND (invitation.product = 'Accounts' OR EXISTS (
    SELECT 1 FROM membership_role AS held WHERE held.organization_id = membership.organization_id
      AND held.account_id = membership.account_id AND held.product = invitation.product)))"
    );
    refuse_unless(refusal::MEMBER, STRANGER).bind(caller).bind(invitation)
}

/// Only for who does not rank above the caller (rule 2 of `authz::granting`).
pub fn refuse_above(caller: &Digest, invitation: InvitationId) -> Statement {
    const NOT_ABOVE: &str = concat!(
        "coalesce((SELECT max(role.rank) FROM ",
        member_of_invitation!(),
        "
  CROSS JOIN membership_role AS held ON held.organization_id = membership.organization_id
    AND held.account_id = membership.account_id AND held.type = 'primary'
  JOIN role ON role.role_id = held.role_id
  WHERE caller.token_digest = ?1), 0) <= ",
        primary_rank!("caller.account_id")
    );
    refuse_unless(refusal::ABOVE, NOT_ABOVE).bind(caller).bind(invitation)
}

/// Approves what waits with a role of its product: accepted at once for a member of the organization, and waiting for the
/// person behind the link, with a time of its own, for anybody else.
pub fn approve(
    caller: &Digest,
    invitation: InvitationId,
    role: &str,
    expires_at: Timestamp,
    now: Timestamp,
) -> Statement {
    Statement::new(concat!(
        "UPDATE invitation SET updated_at = ?4, expires_at = ?5,
  role_id = coalesce((SELECT role_id FROM role WHERE role.organization_id IS NULL
      AND role.product = invitation.product AND role.role = ?3),
    (SELECT role_id FROM role WHERE role.organization_id = invitation.organization_id
      AND role.product = invitation.product AND role.role = ?3)),
  (state, account_id) = (
    SELECT iif(count(membership.account_id) = 1, 'accepted', 'approved'),
      coalesce(max(membership.account_id), invitation.account_id)
    FROM membership WHERE membership.organization_id = invitation.organization_id AND membership.account_id = ",
        account_of_invitation!(),
        ")
WHERE invitation_id = ?2 AND organization_id = ",
        caller_organization!(),
        " AND expires_at > ?4 AND (state = 'pending' OR state = 'approved' AND role_id IS NULL)"
    ))
    .bind(caller)
    .bind(invitation)
    .bind(role)
    .bind(now)
    .bind(expires_at)
}

/// Gives the role of an invitation that [`approve`] accepted for a member, in two statements.
pub fn give_to_member(invitation: InvitationId, now: Timestamp) -> [Statement; 2] {
    let give = Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT invitation.organization_id, invitation.account_id, role.role_id, role.product, role.type, ?2
FROM invitation JOIN role ON role.role_id = invitation.role_id
WHERE invitation.invitation_id = ?1 AND invitation.state = 'accepted'",
    );
    let touch = Statement::new(
        "UPDATE membership SET updated_at = ?2 WHERE (organization_id, account_id) = (
  SELECT organization_id, account_id FROM invitation WHERE invitation_id = ?1 AND state = 'accepted')",
    );
    [give.bind(invitation).bind(now), touch.bind(invitation).bind(now)]
}

/// Who has the role now.
#[derive(Debug, serde::Deserialize)]
pub struct ApprovedRow {
    /// The member; `None` while the person behind the link has not answered.
    pub account_id: Option<AccountId>,
}

/// What [`approve`] led to.
pub fn approved(invitation: InvitationId) -> Statement {
    Statement::new(
        "SELECT iif(state = 'accepted', account_id, NULL) AS account_id FROM invitation WHERE invitation_id = ?1",
    )
    .bind(invitation)
}

/// Declines what waits, or takes back what was approved and not accepted.
pub fn decline(caller: &Digest, invitation: InvitationId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE invitation SET state = 'declined', updated_at = ?3 WHERE invitation_id = ?2 AND organization_id = ",
        caller_organization!(),
        " AND state IN ('pending', 'approved')"
    ))
    .bind(caller)
    .bind(invitation)
    .bind(now)
}
