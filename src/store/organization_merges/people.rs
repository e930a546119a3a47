//! What becomes of the source's members. Every statement takes the merge as `?1`.
//!
//! Set by set, never account by account: how many statements a merge takes does not depend on how many people it moves.

use crate::domain::id::MergeId;
use crate::domain::time::Timestamp;
use crate::ports::Statement;
use crate::store::catalogue::{ADMINISTRATOR_ROLE, OWNER_ROLE};

/// The source's members, as `theirs`.
macro_rules! theirs {
    ($rest:expr) => {
        concat!(
            "FROM organization_merge AS merge
CROSS JOIN membership AS theirs ON theirs.organization_id = merge.source_organization_id ",
            $rest
        )
    };
}

/// Condition: `theirs` had no place in the organization before. Holds until [`give_primary_roles`].
macro_rules! newcomer {
    () => {
        "NOT EXISTS (SELECT 1 FROM membership_role AS held WHERE held.organization_id = merge.organization_id
    AND held.account_id = theirs.account_id AND held.type = 'primary')"
    };
}

/// Notes a change of those who belong to both.
pub fn touch_present(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE membership SET updated_at = ?2
WHERE organization_id = (SELECT organization_id FROM organization_merge WHERE merge_id = ?1)
  AND account_id IN (SELECT theirs.account_id FROM organization_merge AS merge
    CROSS JOIN membership AS theirs ON theirs.organization_id = merge.source_organization_id
    WHERE merge.merge_id = ?1)",
    )
    .bind(merge)
    .bind(now)
}

/// Everybody who does not belong yet becomes a member, and stays suspended if the source had suspended them.
pub fn join(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO membership (organization_id, account_id, active, suspended, chosen_at, created_at, updated_at)
SELECT merge.organization_id, theirs.account_id, theirs.active, theirs.suspended, theirs.chosen_at, ?2, ?2 ",
        theirs!("WHERE merge.merge_id = ?1 ON CONFLICT (organization_id, account_id) DO NOTHING")
    ))
    .bind(merge)
    .bind(now)
}

/// Who belongs to both gets the higher of their two secondary roles of a product. What a suspended member of the source
/// held there counts for nothing.
pub fn raise_secondary_roles(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE membership_role SET role_id = gain.role_id, created_at = ?2
FROM (SELECT mine.organization_id, mine.account_id, mine.role_id AS held_role_id, brought.role_id ",
        theirs!(
            "CROSS JOIN membership_role AS brought ON brought.organization_id = theirs.organization_id
  AND brought.account_id = theirs.account_id AND brought.type = 'secondary'
CROSS JOIN membership_role AS mine ON mine.organization_id = merge.organization_id
  AND mine.account_id = theirs.account_id AND mine.type = 'secondary' AND mine.product = brought.product
CROSS JOIN role AS higher ON higher.role_id = brought.role_id
CROSS JOIN role AS lower ON lower.role_id = mine.role_id
WHERE merge.merge_id = ?1 AND theirs.suspended = 0 AND higher.rank > lower.rank) AS gain "
        ),
        "WHERE membership_role.organization_id = gain.organization_id
  AND membership_role.account_id = gain.account_id AND membership_role.role_id = gain.held_role_id"
    ))
    .bind(merge)
    .bind(now)
}

/// Everybody keeps their custom roles, and their secondary roles of products in which they had none. After
/// `belongings::move_roles` and [`raise_secondary_roles`], before [`give_primary_roles`].
pub fn give_other_roles(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT merge.organization_id, brought.account_id, brought.role_id, brought.product, brought.type, ?2 ",
        theirs!(concat!(
            "CROSS JOIN membership_role AS brought ON brought.organization_id = theirs.organization_id
  AND brought.account_id = theirs.account_id AND brought.type <> 'primary'
WHERE merge.merge_id = ?1 AND (theirs.suspended = 0 OR ",
            newcomer!(),
            ") AND NOT (brought.type = 'secondary' AND EXISTS (SELECT 1 FROM membership_role AS mine
    WHERE mine.organization_id = merge.organization_id AND mine.account_id = theirs.account_id
      AND mine.type = 'secondary' AND mine.product = brought.product))
ON CONFLICT (organization_id, account_id, role_id) DO NOTHING"
        ))
    ))
    .bind(merge)
    .bind(now)
}

/// Who is suspended from a product in either is so afterwards; never the owner. Before [`give_primary_roles`].
pub fn keep_suspensions(merge: MergeId) -> Statement {
    Statement::new(concat!(
        "INSERT INTO product_suspension (organization_id, account_id, product, created_at)
SELECT merge.organization_id, suspension.account_id, suspension.product, suspension.created_at ",
        theirs!(concat!(
            "CROSS JOIN product_suspension AS suspension ON suspension.organization_id = theirs.organization_id
  AND suspension.account_id = theirs.account_id
WHERE merge.merge_id = ?1 AND (theirs.suspended = 0 OR ",
            newcomer!(),
            ") AND NOT EXISTS (SELECT 1 FROM membership_role AS owner WHERE owner.organization_id = merge.organization_id
    AND owner.account_id = theirs.account_id AND owner.role_id = ?2)
ON CONFLICT (organization_id, account_id, product) DO NOTHING"
        ))
    ))
    .bind(merge)
    .bind(OWNER_ROLE)
}

/// Newcomers keep their primary role; an owner among them becomes an administrator. Last of the gifts.
pub fn give_primary_roles(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT merge.organization_id, theirs.account_id, role.role_id, role.product, role.type, ?2 ",
        theirs!(concat!(
            "CROSS JOIN membership_role AS brought ON brought.organization_id = theirs.organization_id
  AND brought.account_id = theirs.account_id AND brought.type = 'primary'
CROSS JOIN role ON role.role_id = iif(brought.role_id = ?3, ?4, brought.role_id)
WHERE merge.merge_id = ?1 AND ",
            newcomer!()
        ))
    ))
    .bind(merge)
    .bind(now)
    .bind(OWNER_ROLE)
    .bind(ADMINISTRATOR_ROLE)
}

/// The source's owner becomes an administrator where they were less. Whoever owns both stays the owner.
pub fn raise_former_owner(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE membership_role SET role_id = ?4, created_at = ?2
WHERE organization_id = (SELECT organization_id FROM organization_merge WHERE merge_id = ?1)
  AND account_id = (SELECT owner.account_id FROM organization_merge AS merge
    CROSS JOIN membership_role AS owner ON owner.role_id = ?3 AND owner.organization_id = merge.source_organization_id
    WHERE merge.merge_id = ?1)
  AND type = 'primary' AND role_id NOT IN (?3, ?4)",
    )
    .bind(merge)
    .bind(now)
    .bind(OWNER_ROLE)
    .bind(ADMINISTRATOR_ROLE)
}

/// Whose default organization was the source has this one.
pub fn change_default_organization(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE account SET updated_at = ?2,
  default_organization_id = (SELECT organization_id FROM organization_merge WHERE merge_id = ?1)
WHERE default_organization_id = (SELECT source_organization_id FROM organization_merge WHERE merge_id = ?1)",
    )
    .bind(merge)
    .bind(now)
}

/// Pictures that members have for the source go with them, unless they have one here.
pub fn move_avatars(merge: MergeId) -> Statement {
    Statement::new(
        "UPDATE member_avatar SET organization_id = (SELECT organization_id FROM organization_merge WHERE merge_id = ?1)
WHERE organization_id = (SELECT source_organization_id FROM organization_merge WHERE merge_id = ?1)
  AND NOT EXISTS (SELECT 1 FROM organization_merge AS merge CROSS JOIN member_avatar AS mine
    ON mine.organization_id = merge.organization_id AND mine.account_id = member_avatar.account_id
    WHERE merge.merge_id = ?1)",
    )
    .bind(merge)
}
