//! Accounts, as members of an organization see them.

pub mod changes;

use serde::{Deserialize, Deserializer};

use super::member_avatars::MemberAvatarRow;
use super::{caller_organization, flag, json};
use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId, RoleId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// An account with its roles in one organization.
#[derive(Debug, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of its own, told as it is")]
pub struct AccountRow {
    /// Key.
    pub account_id: AccountId,
    /// May be empty.
    pub name: String,
    /// As the person wrote it.
    pub email: String,
    /// Whether the person proved the address.
    #[serde(deserialize_with = "flag")]
    pub email_verified: bool,
    /// Where a sign-in without an application leads.
    pub default_product: Option<String>,
    /// Where a sign-in leads.
    pub default_organization_id: Option<OrganizationId>,
    /// Shown, never fetched.
    pub avatar_url: Option<String>,
    /// The picture in the organization asked about, if there is one.
    #[serde(deserialize_with = "json")]
    pub member_avatar: Option<MemberAvatarRow>,
    /// Roles in the organization asked about, by type, product and name.
    #[serde(deserialize_with = "in_order")]
    pub roles: Vec<RoleOfMember>,
    /// Whether the person has signed in to the organization.
    #[serde(deserialize_with = "flag")]
    pub active: bool,
    /// Whether the member is suspended from the organization as a whole (product Accounts).
    #[serde(deserialize_with = "flag")]
    pub suspended: bool,
    /// Whether the account has a second factor.
    #[serde(deserialize_with = "flag")]
    pub mfa: bool,
    /// The other products that the organization has, by name.
    #[serde(deserialize_with = "json")]
    pub products: Vec<String>,
    /// Products that the member is suspended from, whether or not the organization still has them.
    #[serde(deserialize_with = "json")]
    pub suspended_from: Vec<String>,
    /// Last change.
    pub updated_at: Timestamp,
    /// Creation.
    pub created_at: Timestamp,
}

impl AccountRow {
    /// Whether the member is suspended from one of [`Self::products`].
    pub fn is_suspended_from(&self, product: &str) -> bool {
        self.suspended_from.iter().any(|from| from == product)
    }
}

/// One role that a member holds. In lists of accounts its fields come by position, in this order, which is half the text.
#[derive(Debug, Deserialize)]
pub struct RoleOfMember {
    /// Key.
    pub role_id: RoleId,
    /// The product whose role it is.
    pub product: String,
    /// Name within the product.
    pub role: String,
    /// `primary`, `secondary` or `custom`.
    pub r#type: String,
    /// Whether it is the catalogue's.
    #[serde(deserialize_with = "flag")]
    pub predefined: bool,
}

impl RoleOfMember {
    /// Whether it is this role of the catalogue.
    pub fn is(&self, product: &str, role: &str) -> bool {
        self.predefined && self.product == product && self.role == role
    }

    fn order(&self) -> (&str, &str, &str) {
        (&self.r#type, &self.product, &self.role)
    }
}

/// SQLite would make a sorter for each member to put one role in order, a third of what a list costs it.
fn in_order<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<RoleOfMember>, D::Error> {
    let mut roles: Vec<RoleOfMember> = json(deserializer)?;
    roles.sort_unstable_by(|one, other| one.order().cmp(&other.order()));
    Ok(roles)
}

// `$organization` names the organization once more, for what is the same of all its members: what does not name a row of
// `membership` is looked up once.
macro_rules! select_member {
    ($organization:expr, $rest:expr) => {
        concat!(
            "SELECT account.account_id, account.name, account.email, account.email_verified, account.default_product,
  account.default_organization_id, account.avatar_url, account.updated_at, account.created_at,
  coalesce((SELECT json_object('avatar_id', avatar_id, 'avatar_url', avatar_url) FROM member_avatar
     WHERE member_avatar.organization_id = membership.organization_id
       AND member_avatar.account_id = membership.account_id), 'null') AS member_avatar,
  (SELECT json_group_array(json_array(role.role_id, role.product, role.role, role.type, role.organization_id IS NULL))
   FROM membership_role JOIN role ON role.role_id = membership_role.role_id
   WHERE membership_role.organization_id = membership.organization_id
     AND membership_role.account_id = membership.account_id) AS roles,
  membership.active, membership.suspended, account.mfa,
  (SELECT json_group_array(product) FROM product_suspension AS suspension
   WHERE suspension.organization_id = membership.organization_id
     AND suspension.account_id = membership.account_id) AS suspended_from,
  (SELECT json_group_array(product) FROM organization_product
   WHERE organization_product.organization_id = ",
            $organization,
            ") AS products
FROM membership JOIN account ON account.account_id = membership.account_id ",
            $rest
        )
    };
}

/// The members of the caller's organization, oldest first, after `after`; at most `limit`.
pub fn list_for_caller(caller: &Digest, after: Option<AccountId>, limit: i64) -> Statement {
    Statement::new(select_member!(
        caller_organization!(),
        concat!(
            "WHERE membership.organization_id = ",
            caller_organization!(),
            " AND membership.account_id > coalesce(?2, '') ORDER BY membership.account_id LIMIT ?3"
        )
    ))
    .bind(caller)
    .bind(after)
    .bind(limit)
}

/// As [`list_for_caller`], of those whom one of the ranges finds: a JSON array of pairs, from the first term to before the
/// second.
pub fn search_for_caller(caller: &Digest, ranges: &str, after: Option<AccountId>, limit: i64) -> Statement {
    Statement::new(select_member!(
        caller_organization!(),
        concat!(
            "WHERE membership.organization_id = ",
            caller_organization!(),
            " AND membership.account_id IN (SELECT member_term.account_id FROM json_each(?4) AS range
    CROSS JOIN member_term ON member_term.organization_id = ",
            caller_organization!(),
            " AND member_term.term >= range.value ->> 0 AND member_term.term < range.value ->> 1)
  AND membership.account_id > coalesce(?2, '') ORDER BY membership.account_id LIMIT ?3"
        )
    ))
    .bind(caller)
    .bind(after)
    .bind(limit)
    .bind(ranges)
}

/// One member of the caller's organization, or the caller; no row if there is no such member.
pub fn get_for_caller(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(select_member!(
        "membership.organization_id",
        "WHERE (membership.organization_id, membership.account_id) = (
  SELECT organization_id, coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1)"
    ))
    .bind(caller)
    .bind(account)
}

/// The member of the caller's organization who has this address; no row if there is none.
pub fn find_for_caller(caller: &Digest, email: &Email) -> Statement {
    Statement::new(select_member!(
        "membership.organization_id",
        concat!(
            "WHERE membership.organization_id = ",
            caller_organization!(),
            " AND membership.account_id = (SELECT account_id FROM account WHERE email_key = ?2)"
        )
    ))
    .bind(caller)
    .bind(email.key())
}

/// One member, for a use case that knows both ids itself.
pub fn get(organization: OrganizationId, account: AccountId) -> Statement {
    Statement::new(select_member!("?1", "WHERE membership.organization_id = ?1 AND membership.account_id = ?2"))
        .bind(organization)
        .bind(account)
}

/// Constraint that a second account of one address violates.
pub const EMAIL_TAKEN: &str = "account.email_key";

/// A new account whose default organization is the one it begins in. The name may be empty.
pub fn insert(
    account: AccountId,
    email: &Email,
    name: &str,
    organization: OrganizationId,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO account (account_id, email, email_key, name, default_organization_id, created_at, updated_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)",
    )
    .bind(account)
    .bind(email.as_written())
    .bind(email.key())
    .bind(name)
    .bind(organization)
    .bind(now)
}

/// Whether an address has an account: one row or none.
pub fn find_by_email(email: &Email) -> Statement {
    Statement::new("SELECT account_id FROM account WHERE email_key = ?1").bind(email.key())
}

/// In which language mails go to a person who has just been given an account.
pub fn set_locale(account: AccountId, locale: &str) -> Statement {
    Statement::new("UPDATE account SET locale = ?2 WHERE account_id = ?1").bind(account).bind(locale)
}

/// Name with which [`refuse_verified_caller`] refuses.
pub const VERIFIED: &str = "account_verified";

/// Only while the address of the caller's account is not proven.
pub fn refuse_verified_caller(caller: &Digest) -> Statement {
    let unproven = "EXISTS (SELECT 1 FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id
  WHERE live_caller.token_digest = ?1 AND account.email_verified = 0)";
    super::refuse_unless(VERIFIED, unproven).bind(caller)
}
