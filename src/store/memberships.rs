//! Who belongs to which organization, with which roles.

use super::catalogue::OWNER_ROLE;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::ports::Statement;

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
