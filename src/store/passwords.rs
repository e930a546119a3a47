//! Password hashes.

use serde::Deserialize;

use crate::domain::email::Email;
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::{flag, refuse_unless};

/// Name with which [`refuse_changed`] refuses.
pub const CHANGED: &str = "password_changed";

/// A password as it is stored.
#[derive(Debug, Deserialize)]
pub struct StoredPassword {
    /// Whose.
    pub account_id: AccountId,
    /// `None`: the account signs in by other means.
    pub phc: Option<String>,
    /// Whether the address of the account is proven.
    #[serde(deserialize_with = "flag")]
    pub email_verified: bool,
    /// Whether the account has a second factor.
    #[serde(deserialize_with = "flag")]
    pub mfa: bool,
}

/// The password of the account of an address: one row, or none for an address without account.
pub fn find_by_email(email: &Email) -> Statement {
    Statement::new(
        "SELECT account.account_id, password.phc, account.email_verified, account.mfa FROM account
LEFT JOIN password ON password.account_id = account.account_id WHERE account.email_key = ?1",
    )
    .bind(email.key())
}

/// The password of the caller's account: one row for a caller that is alive.
pub fn find_for_caller(caller: &Digest) -> Statement {
    Statement::new(
        "SELECT live_caller.account_id, password.phc, account.email_verified, account.mfa FROM live_caller
CROSS JOIN account ON account.account_id = live_caller.account_id
LEFT JOIN password ON password.account_id = live_caller.account_id WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
}

/// Stops the batch unless the password is still the one that was verified (row R8).
pub fn refuse_changed(account: AccountId, phc: &str) -> Statement {
    refuse_unless(CHANGED, "EXISTS (SELECT 1 FROM password WHERE account_id = ?1 AND phc = ?2)").bind(account).bind(phc)
}

/// The same password under today's cost and pepper, unless it was changed meanwhile.
pub fn rehash(account: AccountId, phc: &str, again: String) -> Statement {
    Statement::new("UPDATE password SET phc = ?3 WHERE account_id = ?1 AND phc = ?2")
        .bind(account)
        .bind(phc)
        .bind(again)
}

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
