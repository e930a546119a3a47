//! Atomic counters of what may be tried only so often.

pub mod guesses;
pub mod second_factor;

use std::time::Duration;

use serde::Deserialize;

use super::refuse_unless;
use crate::domain::time::Timestamp;
use crate::oauth::client::PresentedClient;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// The counter after this attempt was counted.
#[derive(Debug, Deserialize)]
pub struct Counted {
    /// Attempts in the window, this one included.
    pub hits: u64,
    /// When the window began; it ends after the length it was counted with.
    pub window_started_at: Timestamp,
}

impl Counted {
    /// How long the window goes on, in seconds.
    pub fn rest(&self, window: Duration, now: Timestamp) -> u64 {
        self.window_started_at.plus(window).since(now).as_secs().max(1)
    }

    /// After how many seconds to try again, if there were more than `most` attempts in a window of this length.
    pub fn retry_after(&self, most: u64, window: Duration, now: Timestamp) -> Option<u64> {
        (self.hits > most).then(|| self.rest(window, now))
    }
}

/// What happens to a counter that exists: one attempt more, or the first of a new one. `?2` is now, `?3` the length.
macro_rules! fixed_window {
    () => {
        "ON CONFLICT (bucket) DO UPDATE SET
  hits = CASE WHEN window_started_at + ?3 <= ?2 THEN 1 ELSE hits + 1 END,
  expires_at = CASE WHEN window_started_at + ?3 <= ?2 THEN ?2 + ?3 ELSE expires_at END,
  window_started_at = CASE WHEN window_started_at + ?3 <= ?2 THEN ?2 ELSE window_started_at END"
    };
}
pub(super) use fixed_window;

/// Counts one attempt in a fixed window. Commits whatever the caller then decides, so parallel attempts cannot all
/// read the same count (row E4).
pub fn count(bucket: &str, now: Timestamp, window: Duration) -> Statement {
    Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, expires_at) VALUES (?1, 1, ?2, ?2 + ?3)\n",
        fixed_window!(),
        "\nRETURNING hits, window_started_at"
    ))
    .bind(bucket)
    .bind(now)
    .bind(window)
}

/// Stops the batch as `name`, the counting in it too, when a counter stands above `most`.
pub fn refuse_above(bucket: &str, most: u64, name: &str) -> Statement {
    refuse_unless(name, "(SELECT hits FROM throttle WHERE bucket = ?1) <= ?2").bind(bucket).bind(most)
}

/// Begins to count anew.
pub fn forget(bucket: &str) -> Statement {
    Statement::new("DELETE FROM throttle WHERE bucket = ?1").bind(bucket)
}

/// As [`count`], for what the caller's account may do only so often; `what` names it.
pub fn count_for_caller(caller: &Digest, what: &str, now: Timestamp, window: Duration) -> Statement {
    Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, expires_at)
SELECT ?4 || ':' || account_id, 1, ?2, ?2 + ?3 FROM live_caller WHERE token_digest = ?1\n",
        fixed_window!(),
        "\nRETURNING hits, window_started_at"
    ))
    .bind(caller)
    .bind(now)
    .bind(window)
    .bind(what)
}

/// Stops the batch as `name`, the counting in it too, when what [`count_for_caller`] counts stands above `most`.
pub fn refuse_above_for_caller(caller: &Digest, what: &str, most: u64, name: &str) -> Statement {
    let counted = "(SELECT hits FROM throttle
  WHERE bucket = ?2 || ':' || (SELECT account_id FROM live_caller WHERE token_digest = ?1)) <= ?3";
    refuse_unless(name, counted).bind(caller).bind(what).bind(most)
}

/// Begins to count anew what [`count_for_caller`] counts.
pub fn forget_for_caller(caller: &Digest, what: &str) -> Statement {
    Statement::new(
        "DELETE FROM throttle WHERE bucket = ?2 || ':' || (SELECT account_id FROM live_caller WHERE token_digest = ?1)",
    )
    .bind(caller)
    .bind(what)
}

/// Counts a client that presents a secret which is not its own, or a name that nobody has. In the transaction that then
/// refuses it.
pub fn count_unless_authentic(bucket: &str, client: &PresentedClient, now: Timestamp, window: Duration) -> Statement {
    Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, expires_at)
SELECT ?1, 1, ?2, ?2 + ?3
WHERE NOT EXISTS (SELECT 1 FROM client WHERE client_id = ?4 AND secret_digest IS ?5)\n",
        fixed_window!()
    ))
    .bind(bucket)
    .bind(now)
    .bind(window)
    .bind(client.id.as_str())
    .bind(client.secret.as_ref().map(Digest::as_str))
}

/// Stops the batch as `name` while `most` or more were counted in a window that goes on.
pub fn refuse_full(bucket: &str, most: u64, now: Timestamp, name: &str) -> Statement {
    refuse_unless(name, "coalesce((SELECT hits FROM throttle WHERE bucket = ?1 AND expires_at > ?3), 0) < ?2")
        .bind(bucket)
        .bind(most)
        .bind(now)
}
