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

/// The first password of a new account; nothing happens if the account does not exist.
pub fn insert_if_created(account: AccountId, phc: String, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO password (account_id, phc, set_at) SELECT account_id, ?2, ?3 FROM account WHERE account_id = ?1",
    )
    .bind(account)
    .bind(phc)
    .bind(now)
}

/// The password of an account from now on.
pub fn set(account: AccountId, phc: String, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO password (account_id, phc, set_at) VALUES (?1, ?2, ?3)
ON CONFLICT (account_id) DO UPDATE SET phc = excluded.phc, set_at = excluded.set_at",
    )
    .bind(account)
    .bind(phc)
    .bind(now)
}
