//! Accounts that a caller creates, changes and removes.

use crate::domain::email::Email;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::{caller_organization, refuse_unless};

/// Names with which the guards below refuse.
pub mod refusal {
    /// The address belongs to an account of another organization.
    pub const ELSEWHERE: &str = "account_elsewhere";
    /// The product is not in the catalogue.
    pub const DEFAULT_PRODUCT: &str = "account_default_product";
    /// The account does not belong to that organization.
    pub const DEFAULT_ORGANIZATION: &str = "account_default_organization";
}

/// Only while the address is free, or its account is a member of the caller's organization.
pub fn refuse_elsewhere(caller: &Digest, email: &Email) -> Statement {
    const HERE: &str = concat!(
        "NOT EXISTS (SELECT 1 FROM account WHERE email_key = ?2 AND NOT EXISTS (SELECT 1 FROM membership
  WHERE membership.account_id = account.account_id AND membership.organization_id = ",
        caller_organization!(),
        "))"
    );
    refuse_unless(refusal::ELSEWHERE, HERE).bind(caller).bind(email.key())
}

/// Only for a product of the catalogue.
pub fn refuse_unknown_default_product(product: &str) -> Statement {
    refuse_unless(refusal::DEFAULT_PRODUCT, "EXISTS (SELECT 1 FROM product WHERE product = ?1)").bind(product)
}

/// Only for an organization of the account; `None` is the caller.
pub fn refuse_foreign_default_organization(
    caller: &Digest,
    account: Option<AccountId>,
    organization: OrganizationId,
) -> Statement {
    let member = "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN membership ON membership.organization_id = ?3
  AND membership.account_id = coalesce(?2, caller.account_id) WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::DEFAULT_ORGANIZATION, member).bind(caller).bind(account).bind(organization)
}

/// Only for the caller's own organization: the one that an account which does not exist yet will have.
pub fn refuse_other_default_organization(caller: &Digest, organization: OrganizationId) -> Statement {
    refuse_unless(refusal::DEFAULT_ORGANIZATION, concat!("?2 = ", caller_organization!()))
        .bind(caller)
        .bind(organization)
}

/// The writable values of an account that a caller creates.
pub struct NewAccount<'a> {
    /// Key.
    pub account: AccountId,
    /// Address.
    pub email: &'a Email,
    /// May be empty.
    pub name: &'a str,
    /// Shown, never fetched.
    pub avatar_url: Option<&'a str>,
    /// A product of the catalogue.
    pub default_product: Option<&'a str>,
}

/// A new account that begins in the caller's organization, unless the address has one.
pub fn insert_for_caller(caller: &Digest, new: &NewAccount<'_>, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO account (account_id, email, email_key, name, avatar_url, default_product, default_organization_id,
  created_at, updated_at)
SELECT ?2, ?3, ?4, ?5, ?6, ?7, ",
        caller_organization!(),
        ", ?8, ?8 WHERE NOT EXISTS (SELECT 1 FROM account WHERE email_key = ?4)"
    ))
    .bind(caller)
    .bind(new.account)
    .bind(new.email.as_written())
    .bind(new.email.key())
    .bind(new.name)
    .bind(new.avatar_url)
    .bind(new.default_product)
    .bind(now)
}

/// Condition: the account is the caller's, or `?2` if that is given.
macro_rules! is_target {
    () => {
        "account_id = (SELECT coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1)"
    };
}

/// The value of a column after the changes `?3`, a JSON object of columns; `null` empties a column.
macro_rules! changed {
    ($column:literal) => {
        concat!("iif(json_type(?3, '$.", $column, "') IS NULL, ", $column, ", ?3 ->> '$.", $column, "')")
    };
}

/// Marks the account as changed if `changes` change anything: a JSON object of `name`, `avatar_url`, `default_product`,
/// `default_organization_id`. First of the writes, so that an audit row that is written only if this changed a row
/// tells of the values as they were.
pub fn touch(caller: &Digest, account: Option<AccountId>, changes: &str, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE account SET updated_at = ?4 WHERE ",
        is_target!(),
        " AND (name, avatar_url, default_product, default_organization_id) IS NOT (",
        changed!("name"),
        ", ",
        changed!("avatar_url"),
        ", ",
        changed!("default_product"),
        ", ",
        changed!("default_organization_id"),
        ")"
    ))
    .bind(caller)
    .bind(account)
    .bind(changes)
    .bind(now)
}

/// Applies the changes that [`touch`] announced.
pub fn update(caller: &Digest, account: Option<AccountId>, changes: &str) -> Statement {
    Statement::new(concat!(
        "UPDATE account SET name = ",
        changed!("name"),
        ", avatar_url = ",
        changed!("avatar_url"),
        ", default_product = ",
        changed!("default_product"),
        ", default_organization_id = ",
        changed!("default_organization_id"),
        " WHERE ",
        is_target!()
    ))
    .bind(caller)
    .bind(account)
    .bind(changes)
}

/// SQL of the values that [`update`] changes, for an audit row that is written before it.
pub const PROFILE_BEFORE: &str =
    "(SELECT json_object('name', name, 'avatar_url', avatar_url, 'default_product', default_product,
  'default_organization_id', default_organization_id) FROM account WHERE account.account_id = audit_log.target_id)";

/// SQL of who an account is, for an audit row that is written before the account goes.
pub const IDENTITY_BEFORE: &str =
    "(SELECT json_object('name', name, 'email', email) FROM account WHERE account.account_id = audit_log.target_id)";

/// Leads a member's next sign-in elsewhere: to the oldest other organization of the account, or nowhere.
pub fn leave_default_organization(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(concat!(
        "UPDATE account SET default_organization_id = (SELECT other.organization_id FROM membership AS other
  WHERE other.account_id = account.account_id AND other.organization_id <> account.default_organization_id
  ORDER BY other.created_at, other.organization_id LIMIT 1)
WHERE ",
        is_target!(),
        " AND default_organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(account)
}

/// Removes an account that belongs to the caller's organization and to no other, with everything it has.
pub fn delete_if_only_here(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(concat!(
        "DELETE FROM account WHERE ",
        is_target!(),
        " AND (SELECT group_concat(organization_id) FROM (SELECT organization_id FROM membership
    WHERE membership.account_id = account.account_id LIMIT 2)) = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(account)
}

/// Ends every session, access token and refresh token of an account in one write. Personal tokens live on.
pub fn revoke_sessions(account: AccountId, now: Timestamp) -> Statement {
    Statement::new("UPDATE account SET token_epoch = token_epoch + 1, updated_at = ?2 WHERE account_id = ?1")
        .bind(account)
        .bind(now)
}
