//! Browsers that have signed in to an account before.

use crate::domain::id::{AccountId, OutboxId};
use crate::domain::origin::Origin;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Tells the account of a sign-in from a browser that it does not know, in the session of `cookie`. Before [`note`].
pub fn tell_of_new(
    id: OutboxId,
    template: &'static str,
    account: AccountId,
    browser: &Digest,
    cookie: &Digest,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT ?1, ?2, coalesce(locale, 'en'), 'account', account_id, json_object('session_id', (SELECT session_id FROM session WHERE cookie_digest = ?5)), ?6, ?6 FROM account
WHERE account_id = ?3 AND NOT EXISTS (SELECT 1 FROM known_device WHERE known_device.account_id = ?3
  AND device_digest = ?4 AND expires_at > ?6)",
    )
    .bind(id)
    .bind(template)
    .bind(account)
    .bind(browser)
    .bind(cookie)
    .bind(now)
}

/// From now on the browser is known to the account, until `expires_at`.
pub fn note(account: AccountId, browser: &Digest, origin: &Origin, now: Timestamp, expires_at: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO known_device (account_id, device_digest, user_agent, created_at, seen_at, expires_at)
VALUES (?1, ?2, ?3, ?4, ?4, ?5)
ON CONFLICT (account_id, device_digest) DO UPDATE SET seen_at = excluded.seen_at, expires_at = excluded.expires_at,
  user_agent = excluded.user_agent",
    )
    .bind(account)
    .bind(browser)
    .bind(origin.user_agent.as_str())
    .bind(now)
    .bind(expires_at)
}
