//! Mails to send, written in the batch of the change that they tell of.

use crate::domain::id::{AccountId, OutboxId};
use crate::domain::time::Timestamp;
use crate::ports::Statement;

/// Locale of a person who has not chosen one.
const DEFAULT_LOCALE: &str = "en";

/// A mail without a link to the person behind an account, due at once. The address is looked up when it is sent.
pub fn tell_account(id: OutboxId, template: &'static str, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?1, ?2, coalesce(locale, ?5), 'account', account_id, ?4, ?4 FROM account WHERE account_id = ?3",
    )
    .bind(id)
    .bind(template)
    .bind(account)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}
