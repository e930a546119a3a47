//! Changes of an account's e-mail address: asked for, proven, taken back.

use super::refuse_unless;
use crate::domain::email::Email;
use crate::domain::id::EmailChangeId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The account has this address already.
    pub const SAME: &str = "email_same";
    /// Another account can still take the address back.
    pub const RESERVED: &str = "email_reserved";
}

/// Only for another address than the caller's account has.
pub fn refuse_same(caller: &Digest, email: &Email) -> Statement {
    let other =
        "NOT EXISTS (SELECT 1 FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id
  WHERE live_caller.token_digest = ?1 AND account.email_key = ?2)";
    refuse_unless(refusal::SAME, other).bind(caller).bind(email.key())
}

/// Only while no account can take this address back.
pub fn refuse_reserved(email: &Email, now: Timestamp) -> Statement {
    let free = "NOT EXISTS (SELECT 1 FROM email_change WHERE old_email_key = ?1 AND undo_until > ?2
  AND applied_at IS NOT NULL AND undone_at IS NULL)";
    refuse_unless(refusal::RESERVED, free).bind(email.key()).bind(now)
}

/// As [`refuse_reserved`], for the new address of the change behind a used link; the account's own do not count.
pub fn refuse_reserved_by_other(used: &Digest, now: Timestamp) -> Statement {
    let free = "NOT EXISTS (SELECT 1 FROM mail_token AS used
  CROSS JOIN email_change AS change ON change.email_change_id = used.email_change_id
  CROSS JOIN email_change AS other ON other.old_email_key = change.new_email_key AND other.undo_until > ?2
    AND other.applied_at IS NOT NULL AND other.undone_at IS NULL AND other.account_id <> change.account_id
  WHERE used.token_digest = ?1)";
    refuse_unless(refusal::RESERVED, free).bind(used).bind(now)
}

/// Forgets what the caller asked for before, with its link and the mail that waits to carry it.
pub fn withdraw_for_caller(caller: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM email_change WHERE applied_at IS NULL
  AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
}

/// A change that the caller asks for; it takes effect when its link is used.
pub fn insert_for_caller(
    caller: &Digest,
    change: EmailChangeId,
    email: &Email,
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO email_change (email_change_id, account_id, old_email, old_email_key, old_verified, new_email,
  new_email_key, created_at, expires_at)
SELECT ?2, account.account_id, account.email, account.email_key, account.email_verified, ?3, ?4, ?5, ?6
FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(change)
    .bind(email.as_written())
    .bind(email.key())
    .bind(now)
    .bind(expires_at)
}

/// The change behind a used link is made: from now on it can be taken back until `undo_until`. What is taken back is the
/// address as it is now, whatever happened since the change was asked for.
pub fn apply(used: &Digest, now: Timestamp, undo_until: Timestamp) -> Statement {
    Statement::new(
        "UPDATE email_change SET applied_at = ?2, undo_until = ?3, expires_at = ?3,
  (old_email, old_email_key, old_verified) = (SELECT email, email_key, email_verified FROM account
    WHERE account.account_id = email_change.account_id)
WHERE applied_at IS NULL AND email_change_id = (SELECT email_change_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(used)
    .bind(now)
    .bind(undo_until)
}

/// The change behind a used link is undone, and every later one with it.
pub fn undo(used: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE email_change SET undone_at = ?2 WHERE applied_at IS NOT NULL AND undone_at IS NULL
  AND account_id = (SELECT account_id FROM mail_token WHERE token_digest = ?1)
  AND email_change_id >= (SELECT email_change_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(used)
    .bind(now)
}

/// Forgets the change that the account of a used link waits for.
pub fn withdraw_pending(used: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM email_change WHERE applied_at IS NULL
  AND account_id = (SELECT account_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(used)
}
