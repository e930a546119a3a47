//! Organizations.

use serde::Deserialize;

use super::catalogue::OWNER_ROLE;
use super::{caller_organization, flag, json, refuse_unless};
use crate::domain::id::OrganizationId;
use crate::domain::invitation::Mode;
use crate::domain::organization::Details;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// An organization's own row.
#[derive(Debug, Deserialize)]
pub struct OrganizationRow {
    /// Key.
    pub organization_id: OrganizationId,
    /// May be empty; pages then show the id.
    pub name: String,
    /// As written.
    pub company_phone: Option<String>,
    /// As written.
    pub company_website: Option<String>,
    /// Who may invite.
    pub invitation_mode: Mode,
}

macro_rules! select_organization {
    ($rest:expr) => {
        concat!(
            "SELECT organization.organization_id, organization.name, organization.company_phone,
  organization.company_website, organization.invitation_mode ",
            $rest
        )
    };
}

/// A new organization.
pub fn insert(organization: OrganizationId, details: &Details, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO organization (organization_id, name, company_phone, company_website, invitation_mode, created_at,
  updated_at)
VALUES (?1, coalesce(?2, ''), ?3, ?4, coalesce(?6, 'lax'), ?5, ?5)",
    )
    .bind(organization)
    .bind(details.name.clone())
    .bind(details.phone.clone().flatten())
    .bind(details.website.clone().flatten())
    .bind(now)
    .bind(details.invitation_mode.map(Mode::name))
}

/// One organization, for a use case that knows its id itself.
pub fn get(organization: OrganizationId) -> Statement {
    Statement::new(select_organization!("FROM organization WHERE organization_id = ?1")).bind(organization)
}

/// One organization to which the caller's account belongs, or the caller's own; no row if there is no such one.
pub fn get_for_caller(caller: &Digest, organization: Option<OrganizationId>) -> Statement {
    Statement::new(select_organization!(
        "FROM membership JOIN organization ON organization.organization_id = membership.organization_id
WHERE (membership.organization_id, membership.account_id) = (
  SELECT coalesce(?2, organization_id), account_id FROM live_caller WHERE token_digest = ?1)"
    ))
    .bind(caller)
    .bind(organization)
}

/// The organizations to which the caller's account belongs, oldest first, after `after`; at most `limit`.
pub fn list_for_caller(caller: &Digest, after: Option<OrganizationId>, limit: i64) -> Statement {
    Statement::new(select_organization!(
        "FROM membership JOIN organization ON organization.organization_id = membership.organization_id
WHERE membership.account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)
  AND membership.organization_id > coalesce(?2, '') ORDER BY membership.organization_id LIMIT ?3"
    ))
    .bind(caller)
    .bind(after)
    .bind(limit)
}

/// An organization of the caller's account, as the person's own page shows it.
#[derive(Debug, Deserialize)]
pub struct OwnOrganizationRow {
    /// Key.
    pub organization_id: OrganizationId,
    /// May be empty; pages then show the id.
    pub name: String,
    /// Whether the caller acts in it.
    #[serde(deserialize_with = "flag")]
    pub current: bool,
    /// Whether the account owns it.
    #[serde(deserialize_with = "flag")]
    pub owner: bool,
    /// What it has, in the catalogue's order.
    #[serde(deserialize_with = "json")]
    pub products: Vec<String>,
}

/// Every organization in which the caller's account is not suspended, the one in which the caller acts first.
pub fn list_with_products(caller: &Digest) -> Statement {
    Statement::new(
        "SELECT organization.organization_id, organization.name,
  membership.organization_id = caller.organization_id AS current,
  EXISTS (SELECT 1 FROM membership_role WHERE membership_role.organization_id = membership.organization_id
    AND membership_role.account_id = membership.account_id AND membership_role.role_id = ?2) AS owner,
  (SELECT json_group_array(product) FROM (SELECT product.product FROM organization_product
     JOIN product ON product.product = organization_product.product
     WHERE organization_product.organization_id = membership.organization_id ORDER BY product.position)) AS products
FROM live_caller AS caller CROSS JOIN membership ON membership.account_id = caller.account_id AND membership.suspended = 0
JOIN organization ON organization.organization_id = membership.organization_id
WHERE caller.token_digest = ?1 ORDER BY current DESC, organization.organization_id",
    )
    .bind(caller)
    .bind(OWNER_ROLE)
}

/// Changes what `details` speaks of in the caller's organization.
pub fn update_for_caller(caller: &Digest, details: &Details, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE organization SET name = coalesce(?2, name), company_phone = iif(?3, ?4, company_phone),
  company_website = iif(?5, ?6, company_website), updated_at = ?7, invitation_mode = coalesce(?8, invitation_mode)
WHERE organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(details.name.clone())
    .bind(details.phone.is_some())
    .bind(details.phone.clone().flatten())
    .bind(details.website.is_some())
    .bind(details.website.clone().flatten())
    .bind(now)
    .bind(details.invitation_mode.map(Mode::name))
}

/// Marks the caller's organization as changed if the demand of a second factor is to be another than it is. Before an audit
/// row that is written only if this changed a row, and tells of the demand as it was.
pub fn touch_second_factor(caller: &Digest, required_at: Option<Timestamp>, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE organization SET updated_at = ?3 WHERE mfa_required_at IS NOT ?2 AND organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(required_at)
    .bind(now)
}

/// From when on members of the caller's organization need a second factor; `None`: they need none. Behind
/// [`touch_second_factor`].
pub fn require_second_factor(caller: &Digest, required_at: Option<Timestamp>) -> Statement {
    Statement::new(concat!(
        "UPDATE organization SET mfa_required_at = ?2 WHERE organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(required_at)
}

/// SQL of the demand as of now, in the words of its audit row.
pub const DEMAND_BEFORE: &str = "(SELECT json_object('two_factor.required_at',
    strftime('%Y-%m-%dT%H:%M:%fZ', mfa_required_at / 1000.0, 'unixepoch'))
  FROM organization WHERE organization.organization_id = audit_log.target_id)";

/// SQL of an organization as of now, for an audit row that is written before the change.
pub const BEFORE: &str = "(SELECT json_object('name', name, 'company',
    json_object('phone', company_phone, 'website', company_website), 'invitation_mode', invitation_mode)
  FROM organization WHERE organization.organization_id = audit_log.target_id)";

/// Stops the batch as `name` when the caller's account owns `most` organizations.
pub fn owns_fewer_than(caller: &Digest, most: u64, name: &str) -> Statement {
    refuse_unless(
        name,
        "(SELECT count(*) FROM membership JOIN membership_role
    ON (membership_role.organization_id, membership_role.account_id, membership_role.role_id)
      = (membership.organization_id, membership.account_id, ?2)
  WHERE membership.account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)) < ?3",
    )
    .bind(caller)
    .bind(OWNER_ROLE)
    .bind(most)
}
