//! Guesses at passwords and codes, each counted before it is evaluated, the further ones at growing distances.
//!
//! Two statements next to each other: the first tells whether this guess may be evaluated, the second counts it if so. In
//! one transaction, so that of any number at once no more are evaluated than may be (row E4). A guess that may not be
//! evaluated is not counted: trying on lengthens nothing.

use std::time::Duration;

use serde::Deserialize;

use crate::domain::email::Email;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::flag;

/// How far apart guesses have to be.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// So many come as fast as somebody types.
    pub free: u64,
    /// The wait after the last of these; each further one doubles it.
    pub first: Duration,
    /// The longest wait: there is no lock (row E3).
    pub longest: Duration,
    /// Without a guess for so long the count begins anew.
    pub forgotten_after: Duration,
}

/// Where guesses at the password of an address come from, and under which names they are counted.
#[derive(Clone, Copy, Debug)]
pub struct Guess<'a> {
    /// Whose password.
    pub email: &'a Email,
    /// The browser; the account may know it.
    pub device: &'a Digest,
    /// Counts those from browsers that the account does not know.
    pub address_bucket: &'a str,
    /// Counts those from this one, if the account knows it.
    pub device_bucket: &'a str,
    /// Of the network, for browsers that the account does not know.
    pub network: Allowance<'a>,
    /// Everybody's, and how many are usual.
    pub everybody: (&'a str, u64),
}

/// How often a network may try.
#[derive(Clone, Copy, Debug)]
pub struct Allowance<'a> {
    /// Counts its attempts.
    pub bucket: &'a str,
    /// So often.
    pub most: u64,
    /// So often while everybody together tries more than is usual.
    pub slowed: u64,
}

/// What stands in the way of a guess, before it was counted.
#[derive(Debug, Deserialize)]
pub struct Standing {
    /// Whether the account knows the browser.
    #[serde(deserialize_with = "flag")]
    pub known: bool,
    /// Whether the network may still try, or need not be asked because the browser is known.
    #[serde(deserialize_with = "flag")]
    pub open: bool,
    /// When the next guess is evaluated; `None` or past: now.
    pub blocked_until: Option<Timestamp>,
}

impl Standing {
    /// After how many seconds the next guess is evaluated; `None`: this one is.
    pub fn wait(&self, now: Timestamp) -> Option<u64> {
        wait(self.blocked_until, now)
    }
}

/// What stands in the way of a guess that has one counter, before it was counted.
#[derive(Debug, Deserialize)]
pub struct Blocked {
    /// As [`Standing::blocked_until`].
    pub blocked_until: Option<Timestamp>,
}

impl Blocked {
    /// As [`Standing::wait`].
    pub fn wait(&self, now: Timestamp) -> Option<u64> {
        wait(self.blocked_until, now)
    }
}

fn wait(until: Option<Timestamp>, now: Timestamp) -> Option<u64> {
    let until = until.filter(|until| *until > now)?;
    Some(u64::try_from(until.since(now).as_millis().div_ceil(1_000)).unwrap_or(u64::MAX))
}

/// Whether the account of the address `?1` knows the browser `?2` at `?3`.
macro_rules! known {
    () => {
        "EXISTS (SELECT 1 FROM account CROSS JOIN known_device ON known_device.account_id = account.account_id
    AND known_device.device_digest = ?2 AND known_device.expires_at > ?3 WHERE account.email_key = ?1)"
    };
}

/// Who is guessing: the name of the counter, and whether the network may. `?4` and `?5` the counters of address and
/// browser; `?6` that of the network, with its most `?7` and its slowed most `?8`; `?9` and `?10` everybody's.
macro_rules! guessing {
    () => {
        concat!(
            "(SELECT known, iif(known, ?5, ?4) AS bucket,
  known OR (SELECT hits FROM throttle WHERE bucket = ?6)
    <= iif((SELECT hits FROM throttle WHERE bucket = ?9) > ?10, ?8, ?7) AS open
  FROM (SELECT ",
            known!(),
            " AS known))"
        )
    };
}

/// Which guess of a counter this one is.
macro_rules! nth {
    () => {
        "iif(throttle.expires_at <= excluded.window_started_at, 1, throttle.hits + 1)"
    };
}

/// What happens to a counter that exists: one more guess, unless it says to wait. The three are parameters of the pace.
macro_rules! counted {
    ($free:literal, $first:literal, $longest:literal) => {
        concat!(
            "ON CONFLICT (bucket) DO UPDATE SET hits = ",
            nth!(),
            ", window_started_at = excluded.window_started_at, expires_at = excluded.expires_at,
  blocked_until = iif(",
            nth!(),
            " < ",
            $free,
            ", NULL, excluded.window_started_at + min(",
            $first,
            " << min(",
            nth!(),
            " - ",
            $free,
            ", 16), ",
            $longest,
            "))
WHERE coalesce(throttle.blocked_until, 0) <= excluded.window_started_at"
        )
    };
}
pub(in crate::store) use {counted, nth};

/// Tells the [`Standing`] of a guess. Behind the counting of network and everybody.
pub fn standing(guess: &Guess<'_>, now: Timestamp) -> Statement {
    let select = concat!(
        "SELECT known, open, (SELECT blocked_until FROM throttle WHERE throttle.bucket = guess.bucket) AS blocked_until
FROM ",
        guessing!(),
        " AS guess"
    );
    bound(Statement::new(select), guess, now)
}

/// Counts a guess that may be evaluated. Directly behind [`standing`].
pub fn count(guess: &Guess<'_>, pace: Pace, now: Timestamp) -> Statement {
    let insert = concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, blocked_until, expires_at)
SELECT bucket, 1, ?3, iif(?11 > 1, NULL, ?3 + min(?12, ?13)), ?3 + ?14 FROM ",
        guessing!(),
        " AS guess WHERE open\n",
        counted!("?11", "?12", "?13")
    );
    paced(bound(Statement::new(insert), guess, now), pace)
}

/// As [`standing`], of a guess at what the caller's account has; `what` names it.
pub fn standing_of_caller(caller: &Digest, what: &str) -> Statement {
    Statement::new(
        "SELECT (SELECT blocked_until FROM throttle WHERE bucket = ?2 || ':' || live_caller.account_id) AS blocked_until
FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(what)
}

/// As [`count`], of a guess at what the caller's account has.
pub fn count_for_caller(caller: &Digest, what: &str, pace: Pace, now: Timestamp) -> Statement {
    let insert = concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, blocked_until, expires_at)
SELECT ?2 || ':' || account_id, 1, ?3, iif(?4 > 1, NULL, ?3 + min(?5, ?6)), ?3 + ?7 FROM live_caller
WHERE token_digest = ?1\n",
        counted!("?4", "?5", "?6")
    );
    paced(Statement::new(insert).bind(caller).bind(what).bind(now), pace)
}

fn bound(statement: Statement, guess: &Guess<'_>, now: Timestamp) -> Statement {
    statement
        .bind(guess.email.key())
        .bind(guess.device)
        .bind(now)
        .bind(guess.address_bucket)
        .bind(guess.device_bucket)
        .bind(guess.network.bucket)
        .bind(guess.network.most)
        .bind(guess.network.slowed)
        .bind(guess.everybody.0)
        .bind(guess.everybody.1)
}

/// Binds free, first, longest and `forgotten_after`, in this order.
pub(in crate::store) fn paced(statement: Statement, pace: Pace) -> Statement {
    statement.bind(pace.free).bind(pace.first).bind(pace.longest).bind(pace.forgotten_after)
}
