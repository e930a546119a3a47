//! Mails to send, written in the batch of the change that they tell of.

mod sending;

pub use sending::{DueRow, count_due, fail, remove, take};

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
