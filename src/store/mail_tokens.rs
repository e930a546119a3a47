//! Links in mails. A row holds the digest of its link's token, never the token (row E6).

use serde::Deserialize;

use super::refuse_unless_changed;
use crate::domain::email::Email;
use crate::domain::id::{AccountId, DomainId, EmailChangeId, InvitationId, MailTokenId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::oauth::mail_link::Purpose;
use crate::ports::Statement;

/// A link that is about to be written: from `App::mail_link_token`.
#[derive(Clone, Copy, Debug)]
pub struct NewLink<'a> {
    /// Key, and what the token is derived from.
    pub id: MailTokenId,
    /// Of the token's identifier.
    pub digest: &'a Digest,
    /// The same as inside the token.
    pub expires_at: Timestamp,
}

/// Takes back what somebody who knew the old password may have asked for: the link that would set another one, and the one
/// that would give the account another address (row E6).
pub fn withdraw_at_new_password(account: AccountId) -> Statement {
    Statement::new(
        "DELETE FROM mail_token WHERE account_id = ?1
  AND (purpose = 'reset' OR purpose = 'email_change' AND used_at IS NULL)",
    )
    .bind(account)
}

/// Takes back the link of an invitation, and the mail that waits to carry it.
pub fn withdraw_invite(invitation: InvitationId) -> Statement {
    Statement::new("DELETE FROM mail_token WHERE invitation_id = ?1").bind(invitation)
}

/// The link of an approved invitation, good for the invited address alone (row E12); nothing if there is no such
/// invitation. An invitation has one link: an older one is withdrawn first.
pub fn insert_invite(link: &NewLink<'_>, invitation: InvitationId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, invitation_id, created_at, expires_at)
SELECT ?1, ?2, 'invite', email_key, invitation_id, ?4, ?5 FROM invitation
WHERE invitation_id = ?3 AND state = 'approved'",
    )
    .bind(link.id)
    .bind(link.digest)
    .bind(invitation)
    .bind(now)
    .bind(link.expires_at)
}

/// Takes back the link that would prove a domain, and the mail that waits to carry it.
pub fn withdraw_domain(domain: DomainId) -> Statement {
    Statement::new("DELETE FROM mail_token WHERE domain_id = ?1").bind(domain)
}

/// The link that proves a domain, good for its postmaster. A domain has one link: an older one is withdrawn first.
pub fn insert_domain(link: &NewLink<'_>, domain: DomainId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, domain_id, created_at, expires_at)
SELECT ?1, ?2, 'domain', 'postmaster@' || domain, domain_id, ?4, ?5 FROM organization_domain WHERE domain_id = ?3",
    )
    .bind(link.id)
    .bind(link.digest)
    .bind(domain)
    .bind(now)
    .bind(link.expires_at)
}

/// Name with which [`refuse_used`] refuses.
pub const GONE: &str = "link_gone";

/// Takes back the links of the caller's account that nobody has used, for one purpose.
pub fn withdraw_for_caller(caller: &Digest, purpose: Purpose) -> Statement {
    Statement::new(
        "DELETE FROM mail_token WHERE account_id = (SELECT account_id FROM live_caller WHERE token_digest = ?1)
  AND purpose = ?2 AND used_at IS NULL",
    )
    .bind(caller)
    .bind(purpose.name())
}

/// A link about the present address of an account. Older ones of the purpose are withdrawn first.
pub fn insert(link: &NewLink<'_>, purpose: Purpose, account: AccountId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, created_at, expires_at)
SELECT ?1, ?2, ?3, email_key, account_id, ?5, ?6 FROM account WHERE account_id = ?4",
    )
    .bind(link.id)
    .bind(link.digest)
    .bind(purpose.name())
    .bind(account)
    .bind(now)
    .bind(link.expires_at)
}

/// As [`insert`], of the caller's account.
pub fn insert_for_caller(caller: &Digest, link: &NewLink<'_>, purpose: Purpose, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, created_at, expires_at)
SELECT ?2, ?3, ?4, account.email_key, account.account_id, ?5, ?6
FROM live_caller CROSS JOIN account ON account.account_id = live_caller.account_id WHERE live_caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(link.id)
    .bind(link.digest)
    .bind(purpose.name())
    .bind(now)
    .bind(link.expires_at)
}

/// Two counters that must not stand above their limits for a link to be asked for: of the network, of the address.
#[derive(Clone, Copy, Debug)]
pub struct Allowance<'a> {
    /// Bucket and limit.
    pub network: (&'a str, u64),
    /// Bucket and limit.
    pub address: (&'a str, u64),
}

macro_rules! allowed {
    () => {
        "(SELECT hits FROM throttle WHERE bucket = ?2) <= ?3 AND (SELECT hits FROM throttle WHERE bucket = ?4) <= ?5"
    };
}

fn within(statement: Statement, allowance: Allowance<'_>) -> Statement {
    let limit = |limit| i64::try_from(limit).unwrap_or(i64::MAX);
    let ((network, most_of_network), (address, most_of_address)) = (allowance.network, allowance.address);
    statement.bind(network).bind(limit(most_of_network)).bind(address).bind(limit(most_of_address))
}

/// Takes back the reset link of the account of an address, if there is one and another may be asked for.
pub fn withdraw_reset_of(email: &Email, allowance: Allowance<'_>) -> Statement {
    let statement = Statement::new(concat!(
        "DELETE FROM mail_token WHERE purpose = 'reset' AND used_at IS NULL
  AND account_id = (SELECT account_id FROM account WHERE email_key = ?1) AND ",
        allowed!()
    ));
    within(statement.bind(email.key()), allowance)
}

/// A reset link for the account of an address; nothing if there is none, or too many were asked for (row E11). The same
/// statement whether or not there is one (row E1).
pub fn insert_reset_of(link: &NewLink<'_>, email: &Email, allowance: Allowance<'_>, now: Timestamp) -> Statement {
    let statement = Statement::new(concat!(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, created_at, expires_at)
SELECT ?6, ?7, 'reset', email_key, account_id, ?8, ?9 FROM account WHERE email_key = ?1 AND ",
        allowed!()
    ));
    within(statement.bind(email.key()), allowance).bind(link.id).bind(link.digest).bind(now).bind(link.expires_at)
}

/// The link that proves the new address of a change; nothing if the address has an account, or can still be taken back
/// by the account that had it.
pub fn insert_email_change(link: &NewLink<'_>, change: EmailChangeId, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, email_change_id, created_at,
  expires_at)
SELECT ?1, ?2, 'email_change', new_email_key, account_id, email_change_id, ?4, ?5 FROM email_change AS change
WHERE email_change_id = ?3
  AND NOT EXISTS (SELECT 1 FROM account WHERE account.email_key = change.new_email_key)
  AND NOT EXISTS (SELECT 1 FROM email_change AS other WHERE other.old_email_key = change.new_email_key
    AND other.undo_until > ?4 AND other.applied_at IS NOT NULL AND other.undone_at IS NULL
    AND other.account_id <> change.account_id)",
    )
    .bind(link.id)
    .bind(link.digest)
    .bind(change)
    .bind(now)
    .bind(link.expires_at)
}

/// The link that takes the old address back after the change that the link `used` has put into effect.
pub fn insert_email_undo(used: &Digest, link: &NewLink<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO mail_token (mail_token_id, token_digest, purpose, email_key, account_id, email_change_id, created_at,
  expires_at)
SELECT ?2, ?3, 'email_undo', old_email_key, account_id, email_change_id, ?4, ?5 FROM email_change
WHERE email_change_id = (SELECT email_change_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(used)
    .bind(link.id)
    .bind(link.digest)
    .bind(now)
    .bind(link.expires_at)
}

/// A link that still does something.
#[derive(Debug, Deserialize)]
pub struct LiveLink {
    /// Whose.
    pub account_id: AccountId,
    /// The account's address, as written.
    pub email: String,
    /// Its normal form.
    pub email_key: String,
    /// The address that the link is about, as written: of a change the new or the old one, else the account's.
    pub about: String,
}

/// A link that is neither used nor too old, and of an account that still has the address it was sent to; of a change that
/// can still be made or undone.
pub fn find_live(digest: &Digest, purpose: Purpose, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT account.account_id, account.email, account.email_key,
  CASE link.purpose WHEN 'email_change' THEN change.new_email WHEN 'email_undo' THEN change.old_email
    ELSE account.email END AS about
FROM mail_token AS link JOIN account ON account.account_id = link.account_id
LEFT JOIN email_change AS change ON change.email_change_id = link.email_change_id
WHERE link.token_digest = ?1 AND link.purpose = ?2 AND link.used_at IS NULL AND link.expires_at > ?3
  AND (link.purpose NOT IN ('reset', 'verify') OR link.email_key = account.email_key)",
    )
    .bind(digest)
    .bind(purpose.name())
    .bind(now)
}

/// Uses a link up, if it is one that [`find_live`] finds. Of any number at once one succeeds (row R9).
pub fn use_up(digest: &Digest, purpose: Purpose, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE mail_token SET used_at = ?3 WHERE token_digest = ?1 AND purpose = ?2 AND used_at IS NULL AND expires_at > ?3
  AND (purpose NOT IN ('reset', 'verify')
    OR email_key = (SELECT email_key FROM account WHERE account.account_id = mail_token.account_id))",
    )
    .bind(digest)
    .bind(purpose.name())
    .bind(now)
}

/// Directly behind [`use_up`]: stops the batch unless it used the link.
pub fn refuse_used() -> Statement {
    refuse_unless_changed(GONE)
}

/// Takes back every link of the account of a used link that nobody has used, but for those that take an address back:
/// whoever changes an address twice must not thereby disarm the first owner's.
pub fn withdraw_others(used: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM mail_token WHERE used_at IS NULL AND purpose IN ('reset', 'verify', 'email_change')
  AND account_id = (SELECT account_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(used)
}

/// Takes back the links that would undo changes made after the one that the used link undid.
pub fn withdraw_later_undos(used: &Digest) -> Statement {
    Statement::new(
        "DELETE FROM mail_token WHERE used_at IS NULL AND purpose = 'email_undo'
  AND account_id = (SELECT account_id FROM mail_token WHERE token_digest = ?1)
  AND email_change_id > (SELECT email_change_id FROM mail_token WHERE token_digest = ?1)",
    )
    .bind(used)
}
