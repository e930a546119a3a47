//! Password hashes.

use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::ports::Statement;

/// The first password of an account, as a PHC string.
pub fn insert(account: AccountId, phc: String, now: Timestamp) -> Statement {
    Statement::new("INSERT INTO password (account_id, phc, set_at) VALUES (?1, ?2, ?3)")
        .bind(account)
        .bind(phc)
        .bind(now)
}
