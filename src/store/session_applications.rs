//! Which applications a sign-in was used for.

use crate::domain::id::FamilyId;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// The session of a new family was used for its application.
pub fn record(family: FamilyId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO session_application (session_id, client_id, created_at, used_at)
SELECT session_id, client_id, ?2, ?2 FROM refresh_family WHERE family_id = ?1
ON CONFLICT (session_id, client_id) DO UPDATE SET used_at = excluded.used_at",
    )
    .bind(family)
    .bind(now)
}

/// The session of an access token just issued without a family was used for its application.
pub fn record_implicit(access_token: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO session_application (session_id, client_id, created_at, used_at)
SELECT session_id, client_id, ?2, ?2 FROM access_token WHERE token_digest = ?1
ON CONFLICT (session_id, client_id) DO UPDATE SET used_at = excluded.used_at",
    )
    .bind(access_token)
    .bind(now)
}

/// The session of an access token just issued was used for its application again.
pub fn touch(access_token: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE session_application SET used_at = ?2
WHERE (session_id, client_id) = (SELECT session_id, client_id FROM access_token WHERE token_digest = ?1)",
    )
    .bind(access_token)
    .bind(now)
}
