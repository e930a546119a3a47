//! Who owns an organization: one row of `membership_role`, which changes hands.

use super::catalogue::{ADMINISTRATOR_ROLE, OWNER_ROLE};
use super::{caller_organization, refuse_unless};
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the assertions below refuse.
pub mod refusal {
    /// The account is no administrator of the organization, or suspended from it.
    pub const HEIR: &str = "ownership_heir";
    /// The caller does not hold the owner's row.
    pub const MOVED: &str = "ownership_moved";
}

/// Only for an administrator of the caller's organization who is not suspended from it.
pub fn refuse_other_than_administrator(caller: &Digest, heir: AccountId) -> Statement {
    let administrator = "EXISTS (SELECT 1 FROM live_caller AS caller
  CROSS JOIN membership ON membership.organization_id = caller.organization_id AND membership.account_id = ?2
  CROSS JOIN membership_role AS held ON held.organization_id = membership.organization_id
    AND held.account_id = membership.account_id AND held.role_id = ?3
  WHERE caller.token_digest = ?1 AND membership.suspended = 0)";
    refuse_unless(refusal::HEIR, administrator).bind(caller).bind(heir).bind(ADMINISTRATOR_ROLE)
}

/// Gives the caller's ownership to an administrator and the caller the administrator's role; their other roles stay. At
/// every moment the organization has one owner. To be pushed in this order.
pub fn transfer(caller: &Digest, heir: AccountId, now: Timestamp) -> [Statement; 5] {
    let vacate = Statement::new(concat!(
        "DELETE FROM membership_role WHERE organization_id = ",
        caller_organization!(),
        " AND account_id = ?2 AND role_id = ?3"
    ));
    let hand_over = Statement::new(
        "UPDATE membership_role SET account_id = ?2, created_at = ?4
WHERE (organization_id, account_id, role_id) = (
  SELECT organization_id, account_id, ?3 FROM live_caller WHERE token_digest = ?1)",
    );
    let step_down = Statement::new(
        "INSERT INTO membership_role (organization_id, account_id, role_id, product, type, created_at)
SELECT caller.organization_id, caller.account_id, role.role_id, role.product, role.type, ?3
FROM live_caller AS caller CROSS JOIN role ON role.role_id = ?2 WHERE caller.token_digest = ?1",
    );
    let touch = Statement::new(concat!(
        "UPDATE membership SET updated_at = ?3 WHERE organization_id = ",
        caller_organization!(),
        " AND account_id IN (?2, (SELECT account_id FROM live_caller WHERE token_digest = ?1))"
    ));
    [
        vacate.bind(caller).bind(heir).bind(ADMINISTRATOR_ROLE),
        hand_over.bind(caller).bind(heir).bind(OWNER_ROLE).bind(now),
        super::refuse_unless_changed(refusal::MOVED),
        step_down.bind(caller).bind(ADMINISTRATOR_ROLE).bind(now),
        touch.bind(caller).bind(heir).bind(now),
    ]
}
