//! Mails to send, written in the batch of the change that they tell of.

use std::time::Duration;

use serde::Deserialize;

use crate::domain::email::Email;
use crate::domain::id::{AccountId, DomainId, InvitationId, MailTokenId, OutboxId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Locale of a person who has not chosen one.
pub(super) const DEFAULT_LOCALE: &str = "en";

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

/// As [`tell_account`], if the statement just before changed a row.
pub fn tell_account_if_changed(id: OutboxId, template: &'static str, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?1, ?2, coalesce(locale, ?5), 'account', account_id, ?4, ?4 FROM account WHERE account_id = ?3 AND changes() > 0",
    )
    .bind(id)
    .bind(template)
    .bind(account)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// As [`tell_account`], to the caller. `parameters` is a JSON object of ids and codes, by which the sender looks the
/// mail's words up: `organization_id`, `account_id` (whom it is about), `personal_token_id`, `invitation_id`,
/// `product`; `organization_name` of one that is gone by then.
pub fn tell_caller(
    caller: &Digest,
    id: OutboxId,
    template: &'static str,
    parameters: String,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT ?2, ?3, coalesce(account.locale, ?6), 'account', account.account_id, ?4, ?5, ?5
FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(id)
    .bind(template)
    .bind(parameters)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// As [`tell_account`], to a member of the caller's organization; `None` is the caller. The mail tells of the organization
/// and of `about`.
pub fn tell_member(
    caller: &Digest,
    id: OutboxId,
    template: &'static str,
    member: Option<AccountId>,
    about: AccountId,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT ?2, ?3, coalesce(account.locale, ?7), 'account', account.account_id,
  json_object('organization_id', caller.organization_id, 'account_id', ?5), ?6, ?6
FROM live_caller AS caller CROSS JOIN account ON account.account_id = coalesce(?4, caller.account_id)
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(id)
    .bind(template)
    .bind(member)
    .bind(about)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// The ids by which the sender of a mail about an invitation or a request looks its words up.
macro_rules! invitation_parameters {
    () => {
        "json_object('invitation_id', invitation.invitation_id, 'organization_id', invitation.organization_id,
    'product', invitation.product, 'account_id', coalesce(invitation.creator_id, invitation.account_id))"
    };
}
pub(super) use invitation_parameters;

/// A mail to the invited address of an invitation, with its link: nothing unless the link's row is there already. In the
/// language of the invited person, if they have an account, else of who invited them.
pub fn tell_invited(
    id: OutboxId,
    template: &'static str,
    invitation: InvitationId,
    link: MailTokenId,
    now: Timestamp,
) -> Statement {
    Statement::new(concat!(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, mail_token_id, parameters,
  created_at, next_attempt_at)
SELECT ?1, ?2, coalesce(invited.locale, creator.locale, ?6), 'invitation', invitation.invitation_id,
  mail_token.mail_token_id, ",
        invitation_parameters!(),
        ", ?5, ?5
FROM mail_token JOIN invitation ON invitation.invitation_id = mail_token.invitation_id
LEFT JOIN account AS invited ON invited.email_key = invitation.email_key
LEFT JOIN account AS creator ON creator.account_id = invitation.creator_id
WHERE mail_token.mail_token_id = ?4 AND mail_token.invitation_id = ?3"
    ))
    .bind(id)
    .bind(template)
    .bind(invitation)
    .bind(link)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// A mail with a link to the postmaster of a domain of the caller's organization, in the caller's language.
pub fn tell_postmaster(
    caller: &Digest,
    id: OutboxId,
    template: &'static str,
    domain: DomainId,
    link: MailTokenId,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, mail_token_id, parameters,
  created_at, next_attempt_at)
SELECT ?2, ?3, coalesce(account.locale, ?7), 'domain', ?4, ?5, json_object('organization_id', caller.organization_id),
  ?6, ?6
FROM live_caller AS caller CROSS JOIN account ON account.account_id = caller.account_id WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(id)
    .bind(template)
    .bind(domain)
    .bind(link)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// A mail to the member whom an invitation or request in state `state` is about; nothing in another state, and nothing to
/// somebody who is no member.
pub fn tell_member_of_invitation(
    id: OutboxId,
    template: &'static str,
    invitation: InvitationId,
    state: &'static str,
    now: Timestamp,
) -> Statement {
    Statement::new(concat!(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT ?1, ?2, coalesce(account.locale, ?6), 'account', account.account_id, ",
        invitation_parameters!(),
        ", ?5, ?5
FROM invitation JOIN account ON account.account_id = invitation.account_id
JOIN membership ON membership.organization_id = invitation.organization_id
  AND membership.account_id = account.account_id
WHERE invitation.invitation_id = ?3 AND invitation.state = ?4"
    ))
    .bind(id)
    .bind(template)
    .bind(invitation)
    .bind(state)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// Withdraws the mail that waits to carry the link of an invitation.
pub fn withdraw_invite(invitation: InvitationId) -> Statement {
    Statement::new(
        "DELETE FROM outbox WHERE mail_token_id IN (SELECT mail_token_id FROM mail_token WHERE invitation_id = ?1)",
    )
    .bind(invitation)
}

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
    let millis = |span: Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
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
    .bind(millis(first))
    .bind(millis(longest))
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

/// A mail with a link to the person whose account the link is of, if the link's row is there. `locale`: the language of
/// who has chosen none.
pub fn tell_link(id: OutboxId, template: &'static str, link: MailTokenId, locale: &str, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, mail_token_id, created_at,
  next_attempt_at)
SELECT ?1, ?2, coalesce(account.locale, ?4), 'account', account.account_id, mail_token.mail_token_id, ?5, ?5
FROM mail_token JOIN account ON account.account_id = mail_token.account_id WHERE mail_token.mail_token_id = ?3",
    )
    .bind(id)
    .bind(template)
    .bind(link)
    .bind(locale)
    .bind(now)
}

/// Which address of a change of address.
#[derive(Clone, Copy, Debug)]
pub enum AddressOfChange {
    /// The one that was, or is to be left.
    Old,
    /// The one that is to be.
    New,
}

/// As [`tell_link`], to the old or the new address of the change that the link belongs to.
pub fn tell_link_of_change(
    id: OutboxId,
    template: &'static str,
    link: MailTokenId,
    to: AddressOfChange,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, mail_token_id, created_at,
  next_attempt_at)
SELECT ?1, ?2, coalesce(account.locale, ?6), ?4, mail_token.email_change_id, mail_token.mail_token_id, ?5, ?5
FROM mail_token JOIN account ON account.account_id = mail_token.account_id WHERE mail_token.mail_token_id = ?3",
    )
    .bind(id)
    .bind(template)
    .bind(link)
    .bind(match to {
        AddressOfChange::Old => "old_email",
        AddressOfChange::New => "new_email",
    })
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// As [`tell_account`], to the account of an address, if there is one.
pub fn tell_address(id: OutboxId, template: &'static str, email: &Email, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?1, ?2, coalesce(locale, ?5), 'account', account_id, ?4, ?4 FROM account WHERE email_key = ?3",
    )
    .bind(id)
    .bind(template)
    .bind(email.key())
    .bind(now)
    .bind(DEFAULT_LOCALE)
}

/// As [`tell_address`], if `may`, and if it is another account than `new`, which a moment ago was to have the address.
pub fn tell_address_of_other(
    id: OutboxId,
    template: &'static str,
    email: &Email,
    new: AccountId,
    may: bool,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?1, ?2, coalesce(locale, ?5), 'account', account_id, ?4, ?4 FROM account
WHERE email_key = ?3 AND account_id <> ?6 AND ?7",
    )
    .bind(id)
    .bind(template)
    .bind(email.key())
    .bind(now)
    .bind(DEFAULT_LOCALE)
    .bind(new)
    .bind(may)
}

/// As [`tell_account`], to the account of a link.
pub fn tell_account_of_link(id: OutboxId, template: &'static str, link: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, created_at, next_attempt_at)
SELECT ?1, ?2, coalesce(account.locale, ?5), 'account', account.account_id, ?4, ?4
FROM mail_token JOIN account ON account.account_id = mail_token.account_id WHERE mail_token.token_digest = ?3",
    )
    .bind(id)
    .bind(template)
    .bind(link)
    .bind(now)
    .bind(DEFAULT_LOCALE)
}
