//! Passkeys.

use serde::Deserialize;

use super::{flag, json, refuse_unless, refuse_unless_changed};
use crate::domain::id::{AccountId, PasskeyId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// Not a passkey of the caller's.
    pub const UNKNOWN: &str = "passkey_unknown";
    /// The account has as many as it may.
    pub const TOO_MANY: &str = "passkey_too_many";
    /// The passkey is gone, or its counter moved on since it was read.
    pub const MOVED_ON: &str = "passkey_moved_on";
}

/// Constraint that the same credential violates the second time, whosever it is.
pub const CREDENTIAL_KNOWN: &str = "passkey.credential_id";

/// A passkey, as its owner sees it.
#[derive(Debug, Deserialize)]
pub struct PasskeyRow {
    /// Key.
    pub passkey_id: PasskeyId,
    /// What its owner calls it.
    pub name: String,
    /// Whether its maker keeps copies, as of its last use.
    #[serde(deserialize_with = "flag")]
    pub backed_up: bool,
    /// How it is reached.
    #[serde(deserialize_with = "json")]
    pub transports: Vec<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last use.
    pub used_at: Option<Timestamp>,
}

/// Oldest first; never more than `MAX_PASSKEYS`, which are refused beyond.
pub fn list_for_caller(caller: &Digest) -> Statement {
    Statement::new(
        "SELECT passkey.passkey_id, passkey.name, passkey.backed_up, passkey.transports, passkey.created_at, passkey.used_at
FROM live_caller AS caller CROSS JOIN passkey ON passkey.account_id = caller.account_id
WHERE caller.token_digest = ?1 ORDER BY passkey.passkey_id",
    )
    .bind(caller)
}

/// One of the caller's own.
pub fn get_for_caller(caller: &Digest, id: PasskeyId) -> Statement {
    Statement::new(
        "SELECT passkey.passkey_id, passkey.name, passkey.backed_up, passkey.transports, passkey.created_at, passkey.used_at
FROM live_caller AS caller CROSS JOIN passkey ON passkey.account_id = caller.account_id
WHERE caller.token_digest = ?1 AND passkey.passkey_id = ?2",
    )
    .bind(caller)
    .bind(id)
}

/// A credential as a browser is told of it (`PublicKeyCredentialDescriptor`).
#[derive(Debug, Deserialize)]
pub struct DescriptorRow {
    /// The authenticator's name for it, base64url.
    pub credential_id: String,
    /// How it is reached.
    #[serde(deserialize_with = "json")]
    pub transports: Vec<String>,
}

/// Those of the caller's account.
pub fn descriptors_of_caller(caller: &Digest) -> Statement {
    Statement::new(
        "SELECT passkey.credential_id, passkey.transports
FROM live_caller AS caller CROSS JOIN passkey ON passkey.account_id = caller.account_id
WHERE caller.token_digest = ?1 ORDER BY passkey.passkey_id",
    )
    .bind(caller)
}

/// Those of the account in the session of a cookie, half or whole.
pub fn descriptors_of_session(cookie: &Digest) -> Statement {
    Statement::new(
        "SELECT passkey.credential_id, passkey.transports
FROM session JOIN passkey ON passkey.account_id = session.account_id
WHERE session.cookie_digest = ?1 ORDER BY passkey.passkey_id",
    )
    .bind(cookie)
}

/// What an assertion is verified with.
#[derive(Debug, Deserialize)]
pub struct StoredPasskey {
    /// Key.
    pub passkey_id: PasskeyId,
    /// Whose.
    pub account_id: AccountId,
    /// `COSE_Key`, base64url.
    pub public_key: String,
    /// Where its counter stood.
    pub sign_count: u32,
    /// Whether the address of the account is proven.
    #[serde(deserialize_with = "flag")]
    pub email_verified: bool,
}

/// The passkey of a credential (base64url): one row, or none.
pub fn find_by_credential(credential_id: &str) -> Statement {
    Statement::new(
        "SELECT passkey.passkey_id, passkey.account_id, passkey.public_key, passkey.sign_count, account.email_verified
FROM passkey JOIN account ON account.account_id = passkey.account_id WHERE passkey.credential_id = ?1",
    )
    .bind(credential_id)
}

/// Only for an account with fewer than `most`.
pub fn refuse_too_many(caller: &Digest, most: u64) -> Statement {
    let few = "(SELECT count(*) FROM live_caller AS caller CROSS JOIN passkey ON passkey.account_id = caller.account_id
  WHERE caller.token_digest = ?1) < ?2";
    refuse_unless(refusal::TOO_MANY, few).bind(caller).bind(most)
}

/// Only for a passkey of the caller's own.
pub fn refuse_unknown(caller: &Digest, id: PasskeyId) -> Statement {
    let own = "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN passkey ON passkey.account_id = caller.account_id
  WHERE caller.token_digest = ?1 AND passkey.passkey_id = ?2)";
    refuse_unless(refusal::UNKNOWN, own).bind(caller).bind(id)
}

/// What a new passkey has.
pub struct NewPasskey<'a> {
    /// Key.
    pub id: PasskeyId,
    /// The authenticator's name for it, base64url.
    pub credential_id: &'a str,
    /// `COSE_Key`, base64url.
    pub public_key: &'a str,
    /// COSE identifier of its algorithm.
    pub algorithm: i64,
    /// Where its counter stands.
    pub sign_count: u32,
    /// Whether its maker keeps copies.
    pub backed_up: bool,
    /// How it is reached.
    pub transports: &'a [String],
    /// What its owner calls it.
    pub name: &'a str,
}

/// Gives the caller's account a passkey.
pub fn insert_for_caller(caller: &Digest, passkey: &NewPasskey<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO passkey (passkey_id, account_id, credential_id, public_key, algorithm, sign_count, backed_up,
  transports, name, created_at)
SELECT ?2, account_id, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(passkey.id)
    .bind(passkey.credential_id)
    .bind(passkey.public_key)
    .bind(passkey.algorithm)
    .bind(i64::from(passkey.sign_count))
    .bind(passkey.backed_up)
    .bind(serde_json::json!(passkey.transports).to_string())
    .bind(passkey.name)
    .bind(now)
}

/// Another name. After [`refuse_unknown`].
pub fn rename(id: PasskeyId, name: &str) -> Statement {
    Statement::new("UPDATE passkey SET name = ?2 WHERE passkey_id = ?1").bind(id).bind(name)
}

/// Removes a passkey. After [`refuse_unknown`].
pub fn delete(id: PasskeyId) -> Statement {
    Statement::new("DELETE FROM passkey WHERE passkey_id = ?1").bind(id)
}

/// A passkey was used: its counter moves on. Two statements; the second stops the batch as [`refusal::MOVED_ON`] where the
/// passkey is gone, or has counted so far already.
pub fn note_use(id: PasskeyId, sign_count: u32, backed_up: bool, now: Timestamp) -> [Statement; 2] {
    let note = Statement::new(
        "UPDATE passkey SET sign_count = ?2, backed_up = ?3, used_at = ?4
WHERE passkey_id = ?1 AND (sign_count < ?2 OR max(sign_count, ?2) = 0)",
    );
    [note.bind(id).bind(i64::from(sign_count)).bind(backed_up).bind(now), refuse_unless_changed(refusal::MOVED_ON)]
}

/// SQL of a passkey as of now, for an audit row that is written before its change.
pub const BEFORE: &str =
    "(SELECT json_object('name', name) FROM passkey WHERE passkey.passkey_id = audit_log.target_id)";
