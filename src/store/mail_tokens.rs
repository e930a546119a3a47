//! Links in mails.

use crate::domain::id::AccountId;
use crate::ports::Statement;

/// Takes back the link that would set another password (row E6).
pub fn withdraw_reset(account: AccountId) -> Statement {
    Statement::new("DELETE FROM mail_token WHERE account_id = ?1 AND purpose = 'reset'").bind(account)
}
