//! Recovery codes, by their keyed digests.

use super::refuse_unless_changed;
use crate::domain::id::AccountId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Name with which [`use_up`] refuses.
pub const UNKNOWN: &str = "recovery_code_unknown";

/// Uses a code of an account up, once (rows M3, R9): one that is stored under any of these digests and was not used. Two
/// statements; the second stops the batch.
pub fn use_up(account: AccountId, digests: &[String], now: Timestamp) -> [Statement; 2] {
    let used = Statement::new(
        "UPDATE recovery_code SET used_at = ?3 WHERE account_id = ?1 AND used_at IS NULL
  AND code_digest IN (SELECT value FROM json_each(?2))",
    );
    [used.bind(account).bind(list(digests)).bind(now), refuse_unless_changed(UNKNOWN)]
}

/// The codes of the caller's account from now on; older ones are gone, used or not.
pub fn replace_for_caller(caller: &Digest, digests: &[String], now: Timestamp) -> [Statement; 2] {
    let forgotten =
        "DELETE FROM recovery_code WHERE account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)";
    [
        Statement::new(forgotten).bind(caller),
        Statement::new(
            "INSERT INTO recovery_code (account_id, code_digest, created_at)
SELECT live_caller.account_id, code.value, ?3 FROM live_caller CROSS JOIN json_each(?2) AS code
WHERE live_caller.token_digest = ?1",
        )
        .bind(caller)
        .bind(list(digests))
        .bind(now),
    ]
}

/// Forgets every code of the caller's account if it has no factor that they stand in for.
pub fn delete_useless_for_caller(caller: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM recovery_code WHERE account_id = (
  SELECT caller.account_id FROM live_caller AS caller
  CROSS JOIN account ON account.account_id = caller.account_id AND account.mfa = 0 WHERE caller.token_digest = ?1)",
    )
    .bind(caller)
}

/// Digests are base64url behind a digit; their JSON form cannot fail.
fn list(digests: &[String]) -> String {
    serde_json::json!(digests).to_string()
}
