//! Invitations to an organization, and requests for access.

use super::caller_organization;
use crate::domain::id::AccountId;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Takes back every invitation of a member of the caller's organization, so that no old link leads back (row Z7).
pub fn withdraw_for_member(caller: &Digest, account: Option<AccountId>) -> Statement {
    Statement::new(concat!(
        "DELETE FROM invitation WHERE organization_id = ",
        caller_organization!(),
        " AND email_key = (SELECT email_key FROM account
  WHERE account.account_id = (SELECT coalesce(?2, account_id) FROM live_caller WHERE token_digest = ?1))"
    ))
    .bind(caller)
    .bind(account)
}
