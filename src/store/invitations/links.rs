//! Invitations as the person behind the link meets them: named by the digest of the link's token.

use serde::Deserialize;

use crate::domain::id::{AccountId, InvitationId, OrganizationId};
use crate::domain::invitation::State;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::{flag, refuse_unless};

/// Names with which the guards below refuse.
pub mod refusal {
    /// The invitation is not open any more, or the account does not have its address.
    pub const CLOSED: &str = "invitation_closed";
}

/// An invitation with all that its page says and decides on.
#[derive(Clone, Debug, Deserialize)]
pub struct LinkedRow {
    /// Key.
    pub invitation_id: InvitationId,
    /// Where to.
    pub organization_id: OrganizationId,
    /// May be empty; the page then shows the id.
    pub organization: String,
    /// How far it has come.
    pub state: State,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The invited address, as written.
    pub email: String,
    /// How the invited person is called; may be empty.
    pub name: String,
    /// To which product.
    pub product: String,
    /// As what; `None` once the role is gone.
    pub role: Option<String>,
    /// Who invited, by name or else by address; `None` once that account is gone.
    pub inviter: Option<String>,
    /// The account that has the address, if one has.
    pub account_id: Option<AccountId>,
    /// Whether the organization still has the product.
    #[serde(deserialize_with = "flag")]
    pub enabled: bool,
    /// Whether that account has a role of the product; of product Accounts every member has one.
    #[serde(deserialize_with = "flag")]
    pub in_product: bool,
}

/// The invitation of a link, in whatever state: one row or none.
pub fn find(link: &Digest) -> Statement {
    Statement::new(
        "SELECT invitation.invitation_id, invitation.organization_id, organization.name AS organization, invitation.state,
  invitation.expires_at, invitation.email, invitation.name, invitation.product, role.role,
  coalesce(nullif(inviter.name, ''), inviter.email) AS inviter, invited.account_id,
  invitation.product = 'Accounts' OR EXISTS (SELECT 1 FROM organization_product AS has
    WHERE has.organization_id = invitation.organization_id AND has.product = invitation.product) AS enabled,
  EXISTS (SELECT 1 FROM membership WHERE membership.organization_id = invitation.organization_id
    AND membership.account_id = invited.account_id AND (invitation.product = 'Accounts' OR EXISTS (
      SELECT 1 FROM membership_role AS held WHERE held.organization_id = membership.organization_id
        AND held.account_id = membership.account_id AND held.product = invitation.product))) AS in_product
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
JOIN organization ON organization.organization_id = invitation.organization_id
LEFT JOIN role ON role.role_id = invitation.role_id
LEFT JOIN account AS inviter ON inviter.account_id = invitation.creator_id
LEFT JOIN account AS invited ON invited.email_key = invitation.email_key
WHERE mail_token.token_digest = ?1 AND mail_token.purpose = 'invite'",
    )
    .bind(link)
}

/// SQL condition on `invitation` and `mail_token`: it can be accepted at `?2`.
macro_rules! open {
    () => {
        "invitation.state = 'approved' AND invitation.expires_at > ?2 AND mail_token.expires_at > ?2
  AND mail_token.used_at IS NULL AND mail_token.purpose = 'invite' AND mail_token.email_key = invitation.email_key
  AND invitation.role_id IS NOT NULL AND (invitation.product = 'Accounts' OR EXISTS (
    SELECT 1 FROM organization_product AS has WHERE has.organization_id = invitation.organization_id
      AND has.product = invitation.product))"
    };
}

/// Stops the batch unless the invitation can be accepted, by this account alone if it has the invited address and no role
/// of the product (row E12).
pub fn refuse_closed(link: &Digest, account: AccountId, now: Timestamp) -> Statement {
    const OPEN: &str = concat!(
        "EXISTS (SELECT 1 FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
  JOIN account ON account.account_id = ?3 AND account.email_key = invitation.email_key
  WHERE mail_token.token_digest = ?1 AND ",
        open!(),
        " AND NOT EXISTS (SELECT 1 FROM membership WHERE membership.organization_id = invitation.organization_id
    AND membership.account_id = account.account_id AND (invitation.product = 'Accounts' OR EXISTS (
      SELECT 1 FROM membership_role AS held WHERE held.organization_id = membership.organization_id
        AND held.account_id = membership.account_id AND held.product = invitation.product))))"
    );
    refuse_unless(refusal::CLOSED, OPEN).bind(link).bind(now).bind(account)
}

/// Stops the batch unless the invitation can be accepted by an account that is about to be made.
pub fn refuse_closed_to_new(link: &Digest, now: Timestamp) -> Statement {
    const OPEN: &str = concat!(
        "EXISTS (SELECT 1 FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
  WHERE mail_token.token_digest = ?1 AND ",
        open!(),
        ")"
    );
    refuse_unless(refusal::CLOSED, OPEN).bind(link).bind(now)
}

/// A new account with the invited address, which the link proves; it begins in the organization of the invitation.
pub fn insert_account(link: &Digest, account: AccountId, name: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO account (account_id, email, email_key, email_verified, name, default_organization_id, created_at,
  updated_at)
SELECT ?2, invitation.email, invitation.email_key, 1, ?3, invitation.organization_id, ?4, ?4
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
WHERE mail_token.token_digest = ?1",
    )
    .bind(link)
    .bind(account)
    .bind(name)
    .bind(now)
}

/// The link proves the address of the account.
pub fn verify_account(link: &Digest, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE account SET email_verified = 1, updated_at = ?3 WHERE account_id = ?2 AND email_verified = 0
  AND email_key = (SELECT email_key FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(link)
    .bind(account)
    .bind(now)
}

/// The account joins with the offered role, and with Accounts/member unless it has a primary role then; the invitation is
/// accepted and its link used up. To be pushed in this order, behind [`refuse_closed`].
pub fn accept(link: &Digest, account: AccountId, now: Timestamp) -> [Statement; 6] {
    let join = Statement::new(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at)
SELECT invitation.organization_id, ?2, ?3, ?3
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
WHERE mail_token.token_digest = ?1
ON CONFLICT (organization_id, account_id) DO UPDATE SET updated_at = excluded.updated_at",
    );
    let role = Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT invitation.organization_id, ?2, role.role_id, role.product, role.type, ?3
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
JOIN role ON role.role_id = invitation.role_id
WHERE mail_token.token_digest = ?1",
    );
    let member = Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT invitation.organization_id, ?2, role.role_id, role.product, role.type, ?3
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
JOIN role ON role.organization_id IS NULL AND role.product = 'Accounts' AND role.role = 'member'
WHERE mail_token.token_digest = ?1 AND NOT EXISTS (SELECT 1 FROM membership_role AS held
  WHERE held.organization_id = invitation.organization_id AND held.account_id = ?2 AND held.type = 'primary')",
    );
    let home = Statement::new(
        "UPDATE account SET default_organization_id = (
  SELECT invitation.organization_id FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
  WHERE mail_token.token_digest = ?1)
WHERE account_id = ?2 AND default_organization_id IS NULL",
    );
    let close = Statement::new(
        "UPDATE invitation SET state = 'accepted', account_id = ?2, updated_at = ?3
WHERE invitation_id = (SELECT invitation_id FROM mail_token WHERE token_digest = ?1) AND state = 'approved'",
    );
    let use_up = Statement::new("UPDATE mail_token SET used_at = ?2 WHERE token_digest = ?1 AND used_at IS NULL");
    let bound = |statement: Statement| statement.bind(link).bind(account).bind(now);
    [bound(join), bound(role), bound(member), home.bind(link).bind(account), bound(close), use_up.bind(link).bind(now)]
}

/// The person behind the link says no; nothing if it was answered or is over.
pub fn decline(link: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE invitation SET state = 'declined', updated_at = ?2
WHERE invitation_id = (SELECT invitation_id FROM mail_token WHERE token_digest = ?1 AND purpose = 'invite')
  AND state = 'approved' AND expires_at > ?2",
    )
    .bind(link)
    .bind(now)
}
