//! Sessions whose second step is missing: right password, and nothing else proven yet (row M1).
//!
//! They open nothing: every other statement that reads a session by its cookie demands `mfa_pending = 0`, or ends it.

use std::time::Duration;

use serde::Deserialize;

use super::browser_sessions::Cookies;
use super::{flag, refuse_unless};
use crate::domain::id::{AccountId, OutboxId, SessionId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::outbox::DEFAULT_LOCALE;
use crate::store::sessions::Expiry;
use crate::store::throttles::guesses::{Pace, counted, nth, paced};

/// Name with which [`refuse_over`] refuses.
pub const OVER: &str = "half_session_over";

/// A session that waits for its second step, and by which means the account can take it.
#[derive(Clone, Debug, Deserialize)]
pub struct HalfSessionRow {
    /// The sign-in.
    pub session_id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// As the person wrote it.
    pub email: String,
    /// When it ends unless the step is taken.
    pub expires_at: Timestamp,
    /// The sealed secret of codes by time, if there is one.
    pub sealed_secret: Option<String>,
    /// Up to which step their codes were used.
    pub last_step: Option<i64>,
    /// Whether the account has a passkey.
    #[serde(deserialize_with = "flag")]
    pub passkey: bool,
    /// Whether the account has a recovery code left.
    #[serde(deserialize_with = "flag")]
    pub recovery_code: bool,
}

impl HalfSessionRow {
    /// Whether the step can be taken at all; else only another sign-in leads on.
    pub fn can_be_completed(&self) -> bool {
        self.sealed_secret.is_some() || self.passkey || self.recovery_code
    }
}

macro_rules! half_session {
    () => {
        "session.cookie_digest = ?1 AND session.ended_at IS NULL AND session.mfa_pending = 1 AND session.expires_at > ?2"
    };
}

/// The half session of a cookie: one row, or none when it is over, or whole.
pub fn find(cookie: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "SELECT session.session_id, session.account_id, account.email, session.expires_at, totp.sealed_secret, totp.last_step,
  EXISTS (SELECT 1 FROM passkey WHERE passkey.account_id = session.account_id) AS passkey,
  EXISTS (SELECT 1 FROM recovery_code WHERE recovery_code.account_id = session.account_id
    AND recovery_code.used_at IS NULL) AS recovery_code
FROM session JOIN account ON account.account_id = session.account_id AND account.token_epoch = session.account_epoch
LEFT JOIN totp ON totp.account_id = session.account_id AND totp.confirmed_at IS NOT NULL
WHERE ",
        half_session!()
    ))
    .bind(cookie)
    .bind(now)
}

/// The counter of guesses about an account: a browser that it knows has one of its own, so that nobody elsewhere can use up
/// what the owner of the account may try.
macro_rules! guesses_about {
    ($account:literal, $browser:literal, $now:literal) => {
        concat!(
            "'second_factor:' || ",
            $account,
            " || iif(EXISTS (SELECT 1 FROM known_device WHERE known_device.account_id = ",
            $account,
            " AND known_device.device_digest = ",
            $browser,
            " AND known_device.expires_at > ",
            $now,
            "), ':' || ",
            $browser,
            ", '')"
        )
    };
}

/// Counts one guess of the person behind a cookie, in this sign-in, as [`throttles::count`](super::throttles::count) does; no
/// row where there is no half session.
pub fn count_in_sign_in(cookie: &Digest, now: Timestamp, window: Duration) -> Statement {
    Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, expires_at)
SELECT 'second_step:' || session.session_id, 1, ?2, ?2 + ?3 FROM session WHERE ",
        half_session!(),
        "
ON CONFLICT (bucket) DO UPDATE SET
  hits = CASE WHEN window_started_at + ?3 <= ?2 THEN 1 ELSE hits + 1 END,
  expires_at = CASE WHEN window_started_at + ?3 <= ?2 THEN ?2 + ?3 ELSE expires_at END,
  window_started_at = CASE WHEN window_started_at + ?3 <= ?2 THEN ?2 ELSE window_started_at END
RETURNING hits, window_started_at"
    ))
    .bind(cookie)
    .bind(now)
    .bind(i64::try_from(window.as_millis()).unwrap_or(i64::MAX))
}

/// What stands in the way of a guess about the account, in whatever sign-in; no row where there is no half session.
pub fn standing_of_account(cookie: &Digest, browser: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "SELECT (SELECT blocked_until FROM throttle WHERE bucket = ",
        guesses_about!("session.account_id", "?3", "?2"),
        ") AS blocked_until FROM session WHERE ",
        half_session!()
    ))
    .bind(cookie)
    .bind(now)
    .bind(browser)
}

/// Counts a guess about the account that may be evaluated: neither does [`standing_of_account`] tell of a wait, nor were
/// there more than `most` in this sign-in. Directly behind it. From a browser that the account does not know, together with
/// the calls that count [`GUESS`].
pub fn count_of_account(cookie: &Digest, browser: &Digest, most: u64, pace: Pace, now: Timestamp) -> Statement {
    let count = Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, blocked_until, expires_at)
SELECT ",
        guesses_about!("session.account_id", "?3", "?2"),
        ", 1, ?2, iif(?5 > 1, NULL, ?2 + min(?6, ?7)), ?2 + ?8 FROM session WHERE ",
        half_session!(),
        " AND (SELECT hits FROM throttle WHERE bucket = 'second_step:' || session.session_id) <= ?4\n",
        counted!("?5", "?6", "?7")
    ));
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    paced(count.bind(cookie).bind(now).bind(browser).bind(most), pace)
}

/// Tells the person behind the account by mail, when the guess that [`count_of_account`] has just counted was number `nth`.
pub fn tell_of_guesses(
    cookie: &Digest,
    browser: &Digest,
    nth: u64,
    told: (OutboxId, &'static str),
    now: Timestamp,
) -> Statement {
    Statement::new(concat!(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?5, ?6, coalesce(account.locale, ?7), 'account', account.account_id, ?2, ?2
FROM session JOIN account ON account.account_id = session.account_id
WHERE ",
        half_session!(),
        " AND changes() > 0 AND (SELECT hits FROM throttle WHERE bucket = ",
        guesses_about!("session.account_id", "?3", "?2"),
        ") = ?4"
    ))
    .bind(cookie)
    .bind(now)
    .bind(browser)
    .bind(i64::try_from(nth).unwrap_or(i64::MAX))
    .bind(told.0)
    .bind(told.1)
    .bind(DEFAULT_LOCALE)
}

/// What [`guesses::count_for_caller`](super::throttles::guesses::count_for_caller) counts guesses of a second factor as, so
/// that calls and pages count together.
pub const GUESS: &str = "second_factor";

/// Guesses about the account from this browser are counted anew, as [`count_of_account`] counted them.
pub fn forget_guesses_from(account: AccountId, browser: &Digest, now: Timestamp) -> Statement {
    Statement::new(concat!("DELETE FROM throttle WHERE bucket = ", guesses_about!("?1", "?2", "?3")))
        .bind(account)
        .bind(browser)
        .bind(now)
}

/// Guesses about the account in calls are counted anew.
pub fn forget_guesses(account: AccountId) -> Statement {
    Statement::new("DELETE FROM throttle WHERE bucket = 'second_factor:' || ?1").bind(account)
}

/// The second step is taken: the session is whole, with new cookies; the old one opens nothing (row A19).
pub fn complete(cookie: &Digest, cookies: Cookies<'_>, now: Timestamp, expiry: Expiry) -> Statement {
    Statement::new(concat!(
        "UPDATE session SET mfa_pending = 0, cookie_digest = ?3, embedded_digest = ?4, authenticated_at = ?2, seen_at = ?2,
  idle_expires_at = ?5, expires_at = ?6
WHERE ",
        half_session!(),
        " AND account_epoch = (SELECT account.token_epoch FROM account WHERE account.account_id = session.account_id)"
    ))
    .bind(cookie)
    .bind(now)
    .bind(cookies.page)
    .bind(cookies.embedded)
    .bind(expiry.idle)
    .bind(expiry.absolute)
}

/// Stops the batch unless [`complete`] has just found the session.
pub fn refuse_over() -> Statement {
    refuse_unless(OVER, "changes() > 0")
}
