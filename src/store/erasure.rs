//! A person deletes their account. What a row of `account` leaves behind when it goes, the schema's trigger
//! `account_erasure` takes with it, whichever way the row goes; here is what only this way takes besides.

use super::audit::Entry;
use super::catalogue::OWNER_ROLE;
use super::refuse_unless;
use crate::domain::email::Email;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The caller owns an organization.
    pub const OWNER: &str = "erasure_owner";
    /// The address that the caller repeated is not that of the account.
    pub const OTHER_ADDRESS: &str = "erasure_other_address";
}

/// Only for somebody who owns no organization: one that exists has an owner (row R3).
pub fn refuse_owner(caller: &Digest) -> Statement {
    let owns_none = "NOT EXISTS (SELECT 1 FROM live_caller AS caller
  CROSS JOIN membership AS own ON own.account_id = caller.account_id
  CROSS JOIN membership_role AS held ON held.organization_id = own.organization_id
    AND held.account_id = own.account_id AND held.role_id = ?2
  WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::OWNER, owns_none).bind(caller).bind(OWNER_ROLE)
}

/// Only with the address of the caller's own account.
pub fn refuse_other_address(caller: &Digest, repeated: &Email) -> Statement {
    let own = "EXISTS (SELECT 1 FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id
  WHERE live_caller.token_digest = ?1 AND account.email_key = ?2)";
    refuse_unless(refusal::OTHER_ADDRESS, own).bind(caller).bind(repeated.key())
}

/// The rows of the caller's departure, one in the log of each organization that they belong to. Their ids are the
/// entry's with the last twelve digits counted. They have no personal values.
pub fn record(caller: &Digest, entry: &Entry, action: &'static str) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id)
SELECT substr(?2, 1, 24) || printf('%012x', row_number() OVER ()), ?3, ?4, own.organization_id, 'account',
  caller.account_id, caller.client_id, caller.session_id, 'account', caller.account_id, ?5
FROM live_caller AS caller CROSS JOIN membership AS own ON own.account_id = caller.account_id
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
}

/// Withdraws the invitations that wait for the caller, in every organization, if the address is known to be theirs: who
/// only says that an address is theirs withdraws nothing that was sent to it.
pub fn withdraw_invitations(caller: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM invitation WHERE email_key IN (
  SELECT email_key FROM proven_address
  WHERE account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1))",
    )
    .bind(caller)
}

/// Removes the caller's account, with everything that it has in every organization.
pub fn delete_account(caller: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM account WHERE account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
}
