//! What an account has as a second factor, and where one is demanded of it.

use serde::Deserialize;

use super::{flag, refuse_unless};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The account has a second factor.
    pub const SOME: &str = "second_factor_some";
    /// The account has no second factor.
    pub const NONE: &str = "second_factor_none";
    /// An organization of the account demands one, and none would be left.
    pub const DEMANDED: &str = "second_factor_demanded";
}

/// SQL: whether the organization of a row demands a second factor by now that the row's account has not (row M6). `$of` has
/// the columns `account_id` and `organization_id`.
macro_rules! second_factor_due {
    ($of:literal, $now:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM organization AS demanding CROSS JOIN account AS holder ON holder.account_id = ",
            $of,
            ".account_id AND holder.mfa = 0 WHERE demanding.organization_id = ",
            $of,
            ".organization_id AND demanding.mfa_required_at <= ",
            $now,
            ")"
        )
    };
}
pub(super) use second_factor_due;

/// What the caller's account has.
#[derive(Clone, Debug, Deserialize)]
pub struct SecondFactorRow {
    /// Whether a second step is asked for.
    #[serde(deserialize_with = "flag")]
    pub enabled: bool,
    /// Since when codes by time are taken.
    pub totp_since: Option<Timestamp>,
    /// Whether an enrolment of codes by time was begun and not finished.
    #[serde(deserialize_with = "flag")]
    pub totp_begun: bool,
    /// How many passkeys there are.
    pub passkeys: u64,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
    /// From when on the organization in which the caller acts demands a second factor, if it does.
    pub required_at: Option<Timestamp>,
}

/// One row. An enrolment begun before `begun_after` is over.
pub fn find_for_caller(caller: &Digest, begun_after: Timestamp) -> Statement {
    Statement::new(
        "SELECT account.mfa AS enabled, totp.confirmed_at AS totp_since,
  coalesce(totp.confirmed_at IS NULL AND totp.created_at > ?2, 0) AS totp_begun,
  (SELECT count(*) FROM passkey WHERE passkey.account_id = caller.account_id) AS passkeys,
  (SELECT count(*) FROM recovery_code WHERE recovery_code.account_id = caller.account_id
    AND recovery_code.used_at IS NULL) AS recovery_codes,
  organization.mfa_required_at AS required_at
FROM live_caller AS caller
CROSS JOIN account ON account.account_id = caller.account_id
CROSS JOIN organization ON organization.organization_id = caller.organization_id
LEFT JOIN totp ON totp.account_id = caller.account_id
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(begun_after)
}

/// Stops the batch unless the caller's account has a second factor at this place in it.
pub fn refuse_none(caller: &Digest) -> Statement {
    let has = "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN account ON account.account_id = caller.account_id
  WHERE caller.token_digest = ?1 AND account.mfa = 1)";
    refuse_unless(refusal::NONE, has).bind(caller)
}

/// Stops the batch where the caller's account has one.
pub fn refuse_some(caller: &Digest) -> Statement {
    let none =
        "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN account ON account.account_id = caller.account_id
  WHERE caller.token_digest = ?1 AND account.mfa = 0)";
    refuse_unless(refusal::SOME, none).bind(caller)
}

/// Stops the batch where the caller's account has no second factor (any more) and an organization that it belongs to
/// demands one by now.
pub fn refuse_demanded(caller: &Digest, now: Timestamp) -> Statement {
    let free = "NOT EXISTS (SELECT 1 FROM live_caller AS caller
  CROSS JOIN account ON account.account_id = caller.account_id AND account.mfa = 0
  CROSS JOIN membership ON membership.account_id = caller.account_id
  CROSS JOIN organization ON organization.organization_id = membership.organization_id
    AND organization.mfa_required_at <= ?2
  WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::DEMANDED, free).bind(caller).bind(now)
}

/// Ends every session of the caller's account but the caller's own, and with each every token that was given in it.
pub fn end_other_sessions(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET ended_at = ?2 WHERE ended_at IS NULL
  AND account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)
  AND session_id IS NOT (SELECT session_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(now)
}

/// A factor was proved in the caller's own session just now.
pub fn note_proof(caller: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session SET authenticated_at = ?2
WHERE session_id = (SELECT session_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(now)
}
