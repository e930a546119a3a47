//! Who belongs to which organization, with which roles.

use serde::Deserialize;

use super::catalogue::{MEMBER_ROLE, OWNER_ROLE};
use super::{caller_organization, flag, refuse_unless};
use crate::authz::policy::Rank;
use crate::domain::id::{AccountId, OrganizationId, RoleId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// No such member in the caller's organization.
    pub const UNKNOWN: &str = "account_unknown";
    /// The member ranks above the caller.
    pub const ABOVE: &str = "account_above";
    /// The member is the owner.
    pub const OWNER: &str = "account_owner";
    /// The member is the caller.
    pub const OWN: &str = "account_own";
    /// The account belongs to other organizations too.
    pub const SHARED: &str = "account_shared";
}

/// The rank of a primary role in the caller's organization, 0 for none.
macro_rules! primary_rank {
    ($account:literal) => {
        concat!(
            "coalesce((SELECT max(role.rank) FROM live_caller AS caller
  CROSS JOIN membership_role ON membership_role.organization_id = caller.organization_id
    AND membership_role.account_id = ",
            $account,
            " AND membership_role.type = 'primary'
  JOIN role ON role.role_id = membership_role.role_id
  WHERE caller.token_digest = ?1), 0)"
        )
    };
}

pub(super) use primary_rank;

/// Only for a member of the caller's organization; `None` is the caller.
pub fn refuse_unknown(caller: &Digest, account: Option<AccountId>) -> Statement {
    let member = "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN membership ON membership.organization_id = caller.organization_id
  AND membership.account_id = coalesce(?2, caller.account_id) WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::UNKNOWN, member).bind(caller).bind(account)
}

/// Only for a member who does not rank above the caller.
pub fn refuse_above(caller: &Digest, account: Option<AccountId>) -> Statement {
    const NOT_ABOVE: &str =
        concat!(primary_rank!("coalesce(?2, caller.account_id)"), " <= ", primary_rank!("caller.account_id"));
    refuse_unless(refusal::ABOVE, NOT_ABOVE).bind(caller).bind(account)
}

/// Only for the caller, or by an administrator.
pub fn refuse_others_below_administrator(caller: &Digest, account: Option<AccountId>) -> Statement {
    const OWN_OR_ADMINISTRATOR: &str = concat!(
        "coalesce(?2, '') IN ('', (SELECT account_id FROM live_caller WHERE token_digest = ?1)) OR ?3 <= ",
        primary_rank!("caller.account_id")
    );
    refuse_unless(super::authorization::refusal::RANK, OWN_OR_ADMINISTRATOR)
        .bind(caller)
        .bind(account)
        .bind(i64::from(Rank::Administrator as u8))
}

/// Only for the caller, or an account of one organization alone.
pub fn refuse_shared(caller: &Digest, account: Option<AccountId>) -> Statement {
    let own_or_alone = "coalesce(?2, '') IN ('', (SELECT account_id FROM live_caller WHERE token_digest = ?1))
  OR (SELECT count(*) FROM (SELECT 1 FROM membership WHERE account_id = ?2 LIMIT 2)) = 1";
    refuse_unless(refusal::SHARED, own_or_alone).bind(caller).bind(account)
}

/// Never for the owner.
pub fn refuse_owner(caller: &Digest, account: Option<AccountId>) -> Statement {
    let not_owner = "NOT EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN membership_role
    ON membership_role.organization_id = caller.organization_id
      AND membership_role.account_id = coalesce(?2, caller.account_id) AND membership_role.role_id = ?3
  WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::OWNER, not_owner).bind(caller).bind(account).bind(OWNER_ROLE)
}

/// Never for the caller.
pub fn refuse_own(caller: &Digest, account: Option<AccountId>) -> Statement {
    let other = "?2 <> (SELECT account_id FROM live_caller WHERE token_digest = ?1)";
    refuse_unless(refusal::OWN, other).bind(caller).bind(account)
}

/// Suspends a member of the caller's organization, or ends that; a row is changed only if it was otherwise. The epoch
/// moves with a suspension, so that no token of before is alive after it.
pub fn set_suspended(caller: &Digest, account: Option<AccountId>, suspended: bool, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE membership SET suspended = ?3, token_epoch = token_epoch + ?3, updated_at = ?4
WHERE (organization_id, account_id) = (",
        caller_organization!(),
        ", ?2) AND suspended <> ?3"
    ))
    .bind(caller)
    .bind(account)
    .bind(suspended)
    .bind(now)
}

/// A new member without a role yet.
pub fn insert(organization: OrganizationId, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at) VALUES (?1, ?2, ?3, ?3)",
    )
    .bind(organization)
    .bind(account)
    .bind(now)
}

/// Makes a member the owner. A second owner violates `membership_role_one_owner`.
pub fn insert_owner(organization: OrganizationId, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT ?1, ?2, role_id, product, type, ?4 FROM role WHERE role_id = ?3",
    )
    .bind(organization)
    .bind(account)
    .bind(OWNER_ROLE)
    .bind(now)
}

/// Makes a new account a member of the caller's organization. Nothing happens if the account does not exist.
pub fn insert_for_caller(caller: &Digest, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at)
SELECT ",
        caller_organization!(),
        ", account_id, ?3, ?3 FROM account WHERE account_id = ?2"
    ))
    .bind(caller)
    .bind(account)
    .bind(now)
}

/// Gives a member of the caller's organization Accounts/member, unless there is a primary role.
pub fn insert_default_role(caller: &Digest, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT membership.organization_id, membership.account_id, role.role_id, role.product, role.type, ?3
FROM membership JOIN role ON role.organization_id IS NULL AND role.product = 'Accounts' AND role.role = 'member'
WHERE membership.organization_id = ",
        caller_organization!(),
        " AND membership.account_id = ?2
  AND NOT EXISTS (SELECT 1 FROM membership_role AS held WHERE held.organization_id = membership.organization_id
    AND held.account_id = membership.account_id AND held.type = 'primary')"
    ))
    .bind(caller)
    .bind(account)
    .bind(now)
}

/// Ends a membership in the caller's organization. Its roles, tokens, personal tokens and consents go with it.
pub fn delete_for_caller(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(
        "DELETE FROM membership WHERE (organization_id, account_id) = (
  SELECT organization_id, coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(account)
}

/// Ends every credential of a role's holders, in the role's organization.
pub fn revoke_holders(role: RoleId) -> Statement {
    Statement::new(
        "UPDATE membership SET token_epoch = token_epoch + 1 WHERE (organization_id, account_id) IN (
  SELECT organization_id, account_id FROM membership_role WHERE role_id = ?1)",
    )
    .bind(role)
}

/// Makes the caller's account a member of `organization`, as its owner.
pub fn insert_caller_as_owner(caller: &Digest, organization: OrganizationId, now: Timestamp) -> [Statement; 2] {
    insert_caller(caller, organization, OWNER_ROLE, now)
}

/// Makes the caller's account a mere member of `organization`.
pub fn insert_caller_as_member(caller: &Digest, organization: OrganizationId, now: Timestamp) -> [Statement; 2] {
    insert_caller(caller, organization, MEMBER_ROLE, now)
}

/// In two statements, because a role needs its membership.
fn insert_caller(caller: &Digest, organization: OrganizationId, role: &str, now: Timestamp) -> [Statement; 2] {
    let membership = Statement::new(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at)
SELECT ?2, account_id, ?3, ?3 FROM live_caller WHERE token_digest = ?1",
    );
    let held = Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT ?2, live_caller.account_id, role.role_id, role.product, role.type, ?3
FROM live_caller CROSS JOIN role ON role.role_id = ?4 WHERE live_caller.token_digest = ?1",
    );
    let bound = |statement: Statement| statement.bind(caller).bind(organization).bind(now);
    [bound(membership), bound(held).bind(role)]
}

/// The organization in which the caller acts is the one that it chose last.
pub fn note_choice_of_caller(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE membership SET active = 1, chosen_at = ?2 WHERE (organization_id, account_id) = (
  SELECT organization_id, account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(now)
}

/// The member signs in to the organization, and chose it by that.
pub fn note_choice(organization: OrganizationId, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE membership SET active = 1, chosen_at = ?3 WHERE organization_id = ?1 AND account_id = ?2 AND suspended = 0",
    )
    .bind(organization)
    .bind(account)
    .bind(now)
}

/// The caller, as a page shows who is there and where.
#[derive(Debug, Deserialize)]
pub struct StandingRow {
    /// Who.
    pub account_id: AccountId,
    /// May be empty.
    pub name: String,
    /// As the person wrote it.
    pub email: String,
    /// In which organization.
    pub organization_id: OrganizationId,
    /// Its name; may be empty.
    pub organization: String,
    /// Of the primary role, 0 for none.
    pub rank: i64,
    /// Whether the account has a second factor.
    #[serde(deserialize_with = "flag")]
    pub second_factor: bool,
}

/// The caller as [`StandingRow`].
pub fn standing_of_caller(caller: &Digest) -> Statement {
    Statement::new(concat!(
        "SELECT account.account_id, account.name, account.email, account.mfa AS second_factor,
  organization.organization_id, organization.name AS organization, ",
        primary_rank!("caller.account_id"),
        " AS rank
FROM live_caller JOIN account ON account.account_id = live_caller.account_id
JOIN organization ON organization.organization_id = live_caller.organization_id
WHERE live_caller.token_digest = ?1"
    ))
    .bind(caller)
}
