//! Domains of an organization, and who may join by one.

use std::time::Duration;

use serde::Deserialize;

use super::throttles::fixed_window;
use super::{caller_organization, refuse_unless};
use crate::domain::id::{DomainId, OrganizationId};
use crate::domain::mail_domain::MailDomain;
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// Names with which the guards below refuse.
pub mod refusal {
    /// The organization has as many domains as it may.
    pub const FULL: &str = "domain_full";
    /// No such domain in the caller's organization.
    pub const UNKNOWN: &str = "domain_unknown";
    /// The domain is proven.
    pub const PROVEN: &str = "domain_proven";
    /// The domain's postmaster was sent enough mails for now.
    pub const MAILED: &str = "domain_mailed";
    /// The caller may not join that organization, or there is none.
    pub const CLOSED: &str = "join_closed";
    /// The caller belongs to that organization.
    pub const MEMBER: &str = "join_member";
}

/// Constraint that the same domain violates the second time.
pub const TAKEN: &str = "organization_domain.organization_id, organization_domain.domain";

/// A domain.
#[derive(Clone, Debug, Deserialize)]
pub struct DomainRow {
    /// Key.
    pub domain_id: DomainId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// In normal form.
    pub domain: String,
    /// `open`: who has an address of it may join.
    pub r#type: String,
    /// What the DNS record must say.
    pub challenge: String,
    /// Since when it is proven to be the organization's.
    pub proven_at: Option<Timestamp>,
    /// Creation.
    pub created_at: Timestamp,
}

macro_rules! select_domain {
    ($rest:expr) => {
        concat!(
            "SELECT domain_id, organization_id, domain, type, challenge, proven_at, created_at FROM organization_domain
WHERE organization_id = ",
            caller_organization!(),
            $rest
        )
    };
}

/// The domains of the caller's organization, oldest first; few.
pub fn list_for_caller(caller: &Digest) -> Statement {
    Statement::new(select_domain!(" ORDER BY domain_id")).bind(caller)
}

/// One domain of the caller's organization.
pub fn get_for_caller(caller: &Digest, domain: DomainId) -> Statement {
    Statement::new(select_domain!(" AND domain_id = ?2")).bind(caller).bind(domain)
}

/// Only while the caller's organization has fewer than `most` domains.
pub fn refuse_full(caller: &Digest, most: u64) -> Statement {
    let room =
        concat!("(SELECT count(*) FROM organization_domain WHERE organization_id = ", caller_organization!(), ") < ?2");
    refuse_unless(refusal::FULL, room).bind(caller).bind(most)
}

/// A domain of the caller's organization that is yet to be proven.
pub fn insert_for_caller(
    caller: &Digest,
    id: DomainId,
    domain: &MailDomain,
    challenge: &str,
    now: Timestamp,
) -> Statement {
    Statement::new(
        "INSERT INTO organization_domain (domain_id, organization_id, domain, challenge, created_at)
SELECT ?2, organization_id, ?3, ?4, ?5 FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(id)
    .bind(domain.as_str())
    .bind(challenge)
    .bind(now)
}

/// Only for a domain of the caller's organization.
pub fn refuse_unknown(caller: &Digest, domain: DomainId) -> Statement {
    let known = concat!(
        "EXISTS (SELECT 1 FROM organization_domain WHERE domain_id = ?2 AND organization_id = ",
        caller_organization!(),
        ")"
    );
    refuse_unless(refusal::UNKNOWN, known).bind(caller).bind(domain)
}

/// Only for a domain that is not proven.
pub fn refuse_proven(domain: DomainId) -> Statement {
    let open = "NOT EXISTS (SELECT 1 FROM organization_domain WHERE domain_id = ?1 AND proven_at IS NOT NULL)";
    refuse_unless(refusal::PROVEN, open).bind(domain)
}

/// The throttle's bucket of mails to a domain, whichever organization asks for them.
macro_rules! mail_bucket {
    ($domain:literal) => {
        concat!("(SELECT 'domain_mail:' || domain FROM organization_domain WHERE domain_id = ", $domain, ")")
    };
}

/// Counts a mail to the postmaster of a domain, in a fixed window.
pub fn count_mail(domain: DomainId, now: Timestamp, window: Duration) -> Statement {
    Statement::new(concat!(
        "INSERT INTO throttle (bucket, hits, window_started_at, expires_at) SELECT ",
        mail_bucket!("?1"),
        ", 1, ?2, ?2 + ?3 WHERE TRUE\n",
        fixed_window!()
    ))
    .bind(domain)
    .bind(now)
    .bind(window)
}

/// Stops the batch, the counting in it too, when [`count_mail`] stands above `most`.
pub fn refuse_mailed_too_often(domain: DomainId, most: i64) -> Statement {
    const FEW: &str = concat!("(SELECT hits FROM throttle WHERE bucket = ", mail_bucket!("?1"), ") <= ?2");
    refuse_unless(refusal::MAILED, FEW).bind(domain).bind(most)
}

/// Notes that somebody looks for the proof.
pub fn note_check(caller: &Digest, domain: DomainId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE organization_domain SET checked_at = ?3 WHERE domain_id = ?2 AND organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(domain)
    .bind(now)
}

/// A domain of the caller's organization is proven by its DNS record, unless it was already.
pub fn prove_by_dns(caller: &Digest, domain: DomainId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE organization_domain SET proven_at = ?3, proven_by = 'dns'
WHERE domain_id = ?2 AND proven_at IS NULL AND organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(domain)
    .bind(now)
}

/// A domain, as the page behind its link shows it.
#[derive(Debug, Deserialize)]
pub struct LinkedRow {
    /// The domain and the organization's name, or its id where the name is empty.
    pub domain: String,
}

/// The domain of a link that is neither used nor too old.
pub fn find_by_link(link: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "SELECT domain.domain || ' (' || iif(organization.name = '', organization.organization_id, organization.name) || ')'
  AS domain
FROM mail_token AS link JOIN organization_domain AS domain ON domain.domain_id = link.domain_id
JOIN organization ON organization.organization_id = domain.organization_id
WHERE link.token_digest = ?1 AND link.used_at IS NULL AND link.expires_at > ?2",
    )
    .bind(link)
    .bind(now)
}

/// The domain of a link is proven by it, unless it was already.
pub fn prove_by_link(link: &Digest, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE organization_domain SET proven_at = ?2, proven_by = 'mail'
WHERE domain_id = (SELECT domain_id FROM mail_token WHERE token_digest = ?1) AND proven_at IS NULL",
    )
    .bind(link)
    .bind(now)
}

/// Takes a domain away. Who joined by it stays.
pub fn delete_for_caller(caller: &Digest, domain: DomainId) -> Statement {
    Statement::new(concat!(
        "DELETE FROM organization_domain WHERE domain_id = ?2 AND organization_id = ",
        caller_organization!()
    ))
    .bind(caller)
    .bind(domain)
}

/// SQL of a domain's name, for an audit row that is written before the domain goes.
pub const BEFORE: &str = "(SELECT json_object('domain', domain) FROM organization_domain
  WHERE organization_domain.domain_id = audit_log.target_id)";

/// The proven domains that are that of the caller's verified address, as `open`.
macro_rules! open_to_caller {
    () => {
        "FROM live_caller AS caller
CROSS JOIN account ON account.account_id = caller.account_id AND account.email_verified = 1
CROSS JOIN organization_domain AS open
  ON open.domain = substr(account.email_key, instr(account.email_key, '@') + 1) AND open.proven_at IS NOT NULL"
    };
}

/// An organization that the caller may join.
#[derive(Debug, Deserialize)]
pub struct JoinableRow {
    /// Key.
    pub organization_id: OrganizationId,
    /// May be empty; pages then show the id.
    pub name: String,
}

/// The organizations that the caller may join by their verified address, at most `limit`.
pub fn list_joinable(caller: &Digest, limit: i64) -> Statement {
    Statement::new(concat!(
        "SELECT organization.organization_id, organization.name ",
        open_to_caller!(),
        "
CROSS JOIN organization ON organization.organization_id = open.organization_id
WHERE caller.token_digest = ?1 AND NOT EXISTS (SELECT 1 FROM membership
  WHERE membership.organization_id = open.organization_id AND membership.account_id = caller.account_id)
ORDER BY organization.organization_id LIMIT ?2"
    ))
    .bind(caller)
    .bind(limit)
}

/// Only for an organization that the caller's verified address opens.
pub fn refuse_closed(caller: &Digest, organization: OrganizationId) -> Statement {
    const OPEN: &str = concat!(
        "EXISTS (SELECT 1 ",
        open_to_caller!(),
        " AND open.organization_id = ?2 WHERE caller.token_digest = ?1)"
    );
    refuse_unless(refusal::CLOSED, OPEN).bind(caller).bind(organization)
}

/// Only for who does not belong to the organization; a suspended member belongs to it.
pub fn refuse_member(caller: &Digest, organization: OrganizationId) -> Statement {
    let stranger = "NOT EXISTS (SELECT 1 FROM live_caller AS caller
  CROSS JOIN membership ON membership.organization_id = ?2 AND membership.account_id = caller.account_id
  WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::MEMBER, stranger).bind(caller).bind(organization)
}
