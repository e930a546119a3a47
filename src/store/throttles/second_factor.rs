//! Guesses at the second factor: in one sign-in, and about the account, where a browser that it knows has a counter of its own.

use std::time::Duration;

use super::fixed_window;
use super::guesses::{Pace, counted, nth, paced};
use crate::domain::id::{AccountId, OutboxId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::half_sessions::half_session;
use crate::store::outbox::DEFAULT_LOCALE;

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

/// Counts one guess of the person behind a cookie, in this sign-in, as [`count`](super::count) does; no
/// row where there is no half session.
pub fn count_in_sign_in(cookie: &Digest, now: Timestamp, window: Duration) -> Statement {
    Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, expires_at)
SELECT 'second_step:' || session.session_id, 1, ?2, ?2 + ?3 FROM session WHERE ",
        half_session!(),
        "\n",
        fixed_window!(),
        "\nRETURNING hits, window_started_at"
    ))
    .bind(cookie)
    .bind(now)
    .bind(window)
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
    .bind(nth)
    .bind(told.0)
    .bind(told.1)
    .bind(DEFAULT_LOCALE)
}

/// As [`tell_of_guesses`], of a guess in a call, which [`guesses::count_for_caller`](super::guesses::count_for_caller) has just
/// counted.
pub fn tell_caller_of_guesses(caller: &Digest, nth: u64, told: (OutboxId, &'static str), now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?4, ?5, coalesce(account.locale, ?6), 'account', account.account_id, ?2, ?2
FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id
WHERE live_caller.token_digest = ?1 AND changes() > 0
  AND (SELECT hits FROM throttle WHERE bucket = 'second_factor:' || account.account_id) = ?3",
    )
    .bind(caller)
    .bind(now)
    .bind(nth)
    .bind(told.0)
    .bind(told.1)
    .bind(DEFAULT_LOCALE)
}

/// What [`guesses::count_for_caller`](super::guesses::count_for_caller) counts guesses of a second factor as, so that calls
/// and pages count together.
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
