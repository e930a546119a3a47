//! Who belongs to which organization, with which roles.

use super::catalogue::OWNER_ROLE;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
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

/// Makes the caller's account a member of `organization`, as its owner. In two statements, because a role needs its
/// membership.
pub fn insert_caller_as_owner(caller: &Digest, organization: OrganizationId, now: Timestamp) -> [Statement; 2] {
    let membership = Statement::new(
        "INSERT INTO membership (organization_id, account_id, created_at, updated_at)
SELECT ?2, account_id, ?3, ?3 FROM live_caller WHERE token_digest = ?1",
    );
    let role = Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT ?2, live_caller.account_id, role.role_id, role.product, role.type, ?3
FROM live_caller JOIN role ON role.role_id = ?4 WHERE live_caller.token_digest = ?1",
    );
    let bound = |statement: Statement| statement.bind(caller).bind(organization).bind(now);
    [bound(membership), bound(role).bind(OWNER_ROLE)]
}
