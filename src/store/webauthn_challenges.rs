//! Challenges that passkeys are to answer: for one purpose, in one sign-in or browser, once, for minutes.

use super::refuse_unless_changed;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::half_sessions::HalfSessionRow;

/// Name with which the batch stops whose challenge is not there.
pub const GONE: &str = "webauthn_challenge_gone";

/// What a person who is signed in does with a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Makes a new one.
    Register,
    /// Proves to be there still.
    StepUp,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::StepUp => "step_up",
        }
    }
}

/// A challenge for the caller, with the credential in use.
pub fn insert_for_caller(
    caller: &Digest,
    challenge: &Digest,
    purpose: Purpose,
    now: Timestamp,
    expires_at: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO webauthn_challenge (challenge_digest, purpose, browser_digest, session_id, account_id, created_at,
  expires_at)
SELECT ?2, ?3, ?1, session_id, account_id, ?4, ?5 FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(challenge)
    .bind(purpose.name())
    .bind(now)
    .bind(expires_at)
}

/// The challenge is answered, and is none any more. Two statements; the second stops the batch as [`GONE`] unless it was
/// given for this, to this very credential.
pub fn answer_for_caller(caller: &Digest, challenge: &Digest, purpose: Purpose, now: Timestamp) -> [Statement; 2] {
    let answer = Statement::new(
        "DELETE FROM webauthn_challenge WHERE challenge_digest = ?2 AND purpose = ?3 AND browser_digest = ?1
  AND expires_at > ?4
  AND (session_id, account_id) = (SELECT session_id, account_id FROM live_caller WHERE token_digest = ?1)",
    );
    [answer.bind(caller).bind(challenge).bind(purpose.name()).bind(now), refuse_unless_changed(GONE)]
}

/// A challenge for whoever sits at a browser and has not said who they are.
pub fn insert_for_browser(browser: &Digest, challenge: &Digest, now: Timestamp, expires_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO webauthn_challenge (challenge_digest, purpose, browser_digest, created_at, expires_at)
VALUES (?2, 'sign_in', ?1, ?3, ?4)",
    )
    .bind(browser)
    .bind(challenge)
    .bind(now)
    .bind(expires_at)
}

/// As [`answer_for_caller`], of one from [`insert_for_browser`].
pub fn answer_for_browser(browser: &Digest, challenge: &Digest, now: Timestamp) -> [Statement; 2] {
    let answer = Statement::new(
        "DELETE FROM webauthn_challenge WHERE challenge_digest = ?2 AND purpose = 'sign_in' AND browser_digest = ?1
  AND expires_at > ?3",
    );
    [answer.bind(browser).bind(challenge).bind(now), refuse_unless_changed(GONE)]
}

/// A challenge for the person whose second step is missing, in the half session of a cookie.
pub fn insert_for_second_step(cookie: &Digest, challenge: &Digest, now: Timestamp, expires_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO webauthn_challenge (challenge_digest, purpose, browser_digest, session_id, account_id, created_at,
  expires_at)
SELECT ?2, 'second_factor', ?1, session_id, account_id, ?3, ?4 FROM session
WHERE cookie_digest = ?1 AND mfa_pending = 1 AND ended_at IS NULL AND expires_at > ?3",
    )
    .bind(cookie)
    .bind(challenge)
    .bind(now)
    .bind(expires_at)
}

/// As [`answer_for_caller`], of one from [`insert_for_second_step`]: of the half session of a cookie, which may be whole by
/// now and have another.
pub fn answer_for_second_step(
    cookie: &Digest,
    challenge: &Digest,
    half: &HalfSessionRow,
    now: Timestamp,
) -> [Statement; 2] {
    let answer = Statement::new(
        "DELETE FROM webauthn_challenge WHERE challenge_digest = ?2 AND purpose = 'second_factor' AND browser_digest = ?1
  AND session_id = ?3 AND account_id = ?4 AND expires_at > ?5",
    );
    let answer = answer.bind(cookie).bind(challenge).bind(half.session_id).bind(half.account_id).bind(now);
    [answer, refuse_unless_changed(GONE)]
}
