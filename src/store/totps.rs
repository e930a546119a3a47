//! Secrets of one-time passwords by time: one an account, sealed.

use serde::Deserialize;

use super::{refuse_unless, refuse_unless_changed};
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The step of the code, or a later one, was used meanwhile; or the secret is another by now.
    pub const STEP_USED: &str = "totp_step_used";
    /// The account has a confirmed secret already.
    pub const ENROLLED: &str = "totp_enrolled";
    /// There is no secret.
    pub const NONE: &str = "totp_none";
}

/// A secret as it is stored.
#[derive(Clone, Debug, Deserialize)]
pub struct TotpRow {
    /// Whose.
    pub account_id: AccountId,
    /// See `oauth::at_rest`.
    pub sealed_secret: String,
    /// Up to which step codes were used.
    pub last_step: i64,
    /// When the enrolment was begun.
    pub created_at: Timestamp,
    /// `None`: the enrolment is not finished.
    pub confirmed_at: Option<Timestamp>,
}

/// The secret of the caller's account, confirmed or not: one row or none.
pub fn find_for_caller(caller: &Digest) -> Statement {
    Statement::new(
        "SELECT totp.account_id, totp.sealed_secret, totp.last_step, totp.created_at, totp.confirmed_at
FROM live_caller CROSS JOIN totp ON totp.account_id = live_caller.account_id WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
}

/// Uses a step up: only of this very secret, confirmed, and only if neither it nor a later one was used (rows M2, R9).
/// `sealed_again` replaces the seal where its key is about to retire. Two statements; the second stops the batch.
pub fn use_step(account: AccountId, sealed_secret: &str, step: i64, sealed_again: Option<&str>) -> [Statement; 2] {
    let used = Statement::new(
        "UPDATE totp SET last_step = ?3, sealed_secret = coalesce(?4, sealed_secret)
WHERE account_id = ?1 AND sealed_secret = ?2 AND last_step < ?3 AND confirmed_at IS NOT NULL",
    )
    .bind(account)
    .bind(sealed_secret)
    .bind(step)
    .bind(sealed_again);
    [used, refuse_unless_changed(refusal::STEP_USED)]
}

/// Begins an enrolment of the caller; one that was not finished is forgotten. Two statements; the first stops the batch
/// where an enrolment was finished.
pub fn begin_for_caller(caller: &Digest, sealed_secret: &str, now: Timestamp) -> [Statement; 2] {
    let free = "NOT EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN totp ON totp.account_id = caller.account_id
  WHERE caller.token_digest = ?1 AND totp.confirmed_at IS NOT NULL)";
    let begun = Statement::new(
        "INSERT INTO totp (account_id, sealed_secret, created_at)
SELECT account_id, ?2, ?3 FROM live_caller WHERE token_digest = ?1
ON CONFLICT (account_id) DO UPDATE SET sealed_secret = excluded.sealed_secret, last_step = 0,
  created_at = excluded.created_at WHERE totp.confirmed_at IS NULL",
    );
    [refuse_unless(refusal::ENROLLED, free).bind(caller), begun.bind(caller).bind(sealed_secret).bind(now)]
}

/// Finishes the enrolment of this very secret; the step of the code that proved it is used up. Two statements; the second
/// stops the batch.
pub fn confirm(account: AccountId, sealed_secret: &str, step: i64, now: Timestamp) -> [Statement; 2] {
    let confirmed = Statement::new(
        "UPDATE totp SET confirmed_at = ?4, last_step = ?3
WHERE account_id = ?1 AND sealed_secret = ?2 AND confirmed_at IS NULL",
    );
    [confirmed.bind(account).bind(sealed_secret).bind(step).bind(now), refuse_unless_changed(refusal::ENROLLED)]
}

/// Removes the caller's confirmed secret. Two statements; the second stops the batch where there was none.
pub fn delete_for_caller(caller: &Digest) -> [Statement; 2] {
    let deleted = Statement::new(
        "DELETE FROM totp WHERE confirmed_at IS NOT NULL
  AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    );
    [deleted.bind(caller), refuse_unless_changed(refusal::NONE)]
}
