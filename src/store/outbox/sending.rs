//! Mails on their way out: taken, handed over, failed.

use std::time::Duration;

use serde::Deserialize;

use crate::domain::id::{MailTokenId, OutboxId};
use crate::domain::time::Timestamp;
use crate::ports::Statement;

/// One mail that was taken to be sent, with what it names as of now.
#[derive(Debug, Deserialize)]
pub struct DueRow {
    /// Key.
    pub outbox_id: OutboxId,
    /// Which mail.
    pub template: String,
    /// In which language.
    pub locale: String,
    /// This attempt included.
    pub attempts: u32,
    /// `None`: the recipient is gone, or the link is of no use any more.
    pub address: Option<String>,
    /// The recipient's name.
    pub recipient: Option<String>,
    /// The link's row.
    pub mail_token_id: Option<MailTokenId>,
    /// What the link is for.
    pub purpose: Option<String>,
    /// Of the link.
    pub token_digest: Option<String>,
    /// Of the link.
    pub token_expires_at: Option<Timestamp>,
    /// Of the organization that it tells of.
    pub organization: Option<String>,
    /// Of the organization that a merge ends.
    pub source: Option<String>,
    /// Of the person whom it is about.
    pub person: Option<String>,
    /// A product's name.
    pub product: Option<String>,
    /// A personal token's name.
    pub token: Option<String>,
    /// A browser's own name.
    pub device: Option<String>,
    /// A network's address.
    pub ip: Option<String>,
}

/// Takes the mails that are due, the longest waiting first, at most `most`, and moves them forward: by `first` the first
/// time, four times as far each further time, by `longest` at most. Whoever asks next does not get them (row of two
/// senders), and a sender that dies loses none.
pub fn take(now: Timestamp, most: u32, first: Duration, longest: Duration) -> Statement {
    Statement::new(
        "UPDATE outbox SET attempts = attempts + 1, next_attempt_at = ?1 + min(?3 << (2 * min(attempts, 12)), ?4)
WHERE outbox_id IN (
  SELECT outbox_id FROM outbox WHERE next_attempt_at <= ?1 AND dead_at IS NULL ORDER BY next_attempt_at LIMIT ?2)
RETURNING outbox_id, template, locale, attempts,
  CASE WHEN mail_token_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mail_token
      WHERE mail_token.mail_token_id = outbox.mail_token_id AND used_at IS NULL AND expires_at > ?1) THEN NULL
    ELSE CASE recipient_kind
      WHEN 'account' THEN (SELECT email FROM account WHERE account_id = outbox.recipient_id)
      WHEN 'invitation' THEN (SELECT email FROM invitation WHERE invitation_id = outbox.recipient_id)
      WHEN 'old_email' THEN (SELECT old_email FROM email_change WHERE email_change_id = outbox.recipient_id)
      WHEN 'new_email' THEN (SELECT new_email FROM email_change WHERE email_change_id = outbox.recipient_id)
      WHEN 'domain' THEN (SELECT 'postmaster@' || domain FROM organization_domain WHERE domain_id = outbox.recipient_id)
    END END AS address,
  CASE recipient_kind
    WHEN 'account' THEN (SELECT name FROM account WHERE account_id = outbox.recipient_id)
    WHEN 'invitation' THEN (SELECT name FROM invitation WHERE invitation_id = outbox.recipient_id) END AS recipient,
  mail_token_id,
  (SELECT purpose FROM mail_token WHERE mail_token.mail_token_id = outbox.mail_token_id) AS purpose,
  (SELECT token_digest FROM mail_token WHERE mail_token.mail_token_id = outbox.mail_token_id) AS token_digest,
  (SELECT expires_at FROM mail_token WHERE mail_token.mail_token_id = outbox.mail_token_id) AS token_expires_at,
  coalesce(
    (SELECT iif(name = '', organization_id, name) FROM organization
      WHERE organization_id = outbox.parameters ->> 'organization_id'),
    parameters ->> 'organization_name', parameters ->> 'organization_id') AS organization,
  (SELECT iif(name = '', organization_id, name) FROM organization
    WHERE organization_id = outbox.parameters ->> 'source_organization_id') AS source,
  (SELECT iif(name = '', email, name) FROM account WHERE account_id = outbox.parameters ->> 'account_id') AS person,
  parameters ->> 'product' AS product,
  (SELECT name FROM personal_token WHERE personal_token_id = outbox.parameters ->> 'personal_token_id') AS token,
  (SELECT user_agent FROM session WHERE session_id = outbox.parameters ->> 'session_id') AS device,
  (SELECT ip FROM session WHERE session_id = outbox.parameters ->> 'session_id') AS ip",
    )
    .bind(now)
    .bind(i64::from(most))
    .bind(first)
    .bind(longest)
}

/// Removes mails that were handed over, or have nobody to go to.
pub fn remove(ids: &[OutboxId]) -> Statement {
    Statement::new("DELETE FROM outbox WHERE outbox_id IN (SELECT value FROM json_each(?1))").bind(json_list(ids))
}

/// Notes why mails were not handed over, as a code. `dead_at`: they were tried often enough and are given up; the view
/// `dead_letter` shows them.
pub fn fail(ids: &[OutboxId], code: &str, dead_at: Option<Timestamp>) -> Statement {
    Statement::new(
        "UPDATE outbox SET last_error = ?2, dead_at = ?3 WHERE outbox_id IN (SELECT value FROM json_each(?1))",
    )
    .bind(json_list(ids))
    .bind(code)
    .bind(dead_at)
}

/// How many mails are due, up to `most`.
pub fn count_due(now: Timestamp, most: u32) -> Statement {
    Statement::new(
        "SELECT count(*) AS due FROM (
  SELECT 1 FROM outbox WHERE next_attempt_at <= ?1 AND dead_at IS NULL LIMIT ?2)",
    )
    .bind(now)
    .bind(i64::from(most))
}

fn json_list(ids: &[OutboxId]) -> String {
    let texts: Vec<String> = ids.iter().map(ToString::to_string).collect();
    serde_json::json!(texts).to_string()
}
