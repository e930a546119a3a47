//! Merges: one organization, the source, becomes part of another.

pub mod belongings;
pub mod log;
pub mod mails;
mod names;
pub mod people;
pub mod preview;

use std::collections::BTreeMap;

use serde::Deserialize;

use super::catalogue::OWNER_ROLE;
use super::{caller_organization, json, refuse_unless};
use crate::domain::id::{MergeId, OrganizationId};
use crate::domain::time::Timestamp;
use crate::oauth::digest::Digest;
use crate::ports::Statement;

/// A merge as it stands.
#[derive(Debug, Deserialize)]
pub struct MergeRow {
    /// Key.
    pub merge_id: MergeId,
    /// The one that stays.
    pub organization_id: OrganizationId,
    /// The one that ends.
    pub source_organization_id: OrganizationId,
    /// `pending`, `done`, `withdrawn`, `refused` or `expired`.
    pub state: String,
    /// By product, whose instance stays where both have it.
    #[serde(deserialize_with = "json")]
    pub keep: BTreeMap<String, OrganizationId>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
    /// When it was decided or withdrawn.
    pub closed_at: Option<Timestamp>,
    /// Name of the one that stays, while the merge waits; may be empty.
    pub organization_name: Option<String>,
    /// Name of the source, while the merge waits; may be empty.
    pub source_name: Option<String>,
}

/// A merge that somebody asks for.
#[derive(Debug)]
pub struct NewMerge<'a> {
    /// Key.
    pub id: MergeId,
    /// The one that ends.
    pub source: OrganizationId,
    /// See [`MergeRow::keep`].
    pub keep: &'a BTreeMap<String, OrganizationId>,
    /// Until when it can be approved.
    pub expires_at: Timestamp,
}

/// Names with which the guards below refuse.
pub mod refusal {
    /// No such merge of the caller's organization.
    pub const UNKNOWN: &str = "merge_unknown";
    /// The source is the caller's own organization.
    pub const OWN: &str = "merge_own";
    /// There is no such source.
    pub const SOURCE: &str = "merge_source";
    /// The organization has asked too often.
    pub const TOO_OFTEN: &str = "merge_too_often";
    /// The source has more accounts than one transaction takes.
    pub const TOO_LARGE: &str = "merge_too_large";
    /// Both have a product and nothing says whose instance stays. Followed by the products, each in hexadecimal.
    pub const UNDECIDED: &str = "merge_keep_undecided";
    /// `keep` names an organization that does not have the product. Followed by the products, each in hexadecimal.
    pub const ABSENT: &str = "merge_keep_absent";
    /// The caller's address is not verified.
    pub const UNVERIFIED: &str = "merge_unverified";
    /// The other owner's address is not verified.
    pub const OTHER_UNVERIFIED: &str = "merge_other_unverified";
    /// The caller's organization is not the one that ends.
    pub const NOT_SOURCE: &str = "merge_not_source";
    /// It is decided, withdrawn or expired, or who asked owns the organization no more.
    pub const CLOSED: &str = "merge_closed";
    /// What it would do has changed since the caller looked.
    pub const CHANGED: &str = "merge_changed";
}

/// Constraint that a second open merge of the same two violates.
pub const OPEN_ALREADY: &str = "organization_merge.organization_id, organization_merge.source_organization_id";

/// Condition: `merge` can still be approved. Needs now and the owner's role as parameters.
macro_rules! still_open {
    ($now:literal, $owner:literal) => {
        concat!(
            "(merge.state = 'pending' AND merge.expires_at > ",
            $now,
            " AND EXISTS (SELECT 1 FROM organization WHERE organization.organization_id = merge.source_organization_id)
    AND EXISTS (SELECT 1 FROM membership_role AS owner WHERE owner.organization_id = merge.organization_id
      AND owner.account_id = merge.created_by AND owner.role_id = ",
            $owner,
            "))"
        )
    };
}

/// The columns of [`MergeRow`]. Needs now as `?2` and the owner's role as `?3`.
macro_rules! select_merge {
    ($rest:expr) => {
        concat!(
            "SELECT merge.merge_id, merge.organization_id, merge.source_organization_id, CASE
    WHEN merge.state = 'withdrawn' AND merge.closed_by IS NULL THEN 'expired'
    WHEN merge.state = 'pending' AND NOT ",
            still_open!("?2", "?3"),
            " THEN 'expired' ELSE merge.state END AS state,
  merge.keep, merge.created_at, merge.expires_at, merge.closed_at,
  iif(merge.state = 'pending', (SELECT name FROM organization
    WHERE organization.organization_id = merge.organization_id), NULL) AS organization_name,
  iif(merge.state = 'pending', (SELECT name FROM organization
    WHERE organization.organization_id = merge.source_organization_id), NULL) AS source_name ",
            $rest
        )
    };
}

/// One merge, for a use case that has asked whether the caller may see it.
pub fn get(merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(select_merge!("FROM organization_merge AS merge WHERE merge.merge_id = ?1"))
        .bind(merge)
        .bind(now)
        .bind(OWNER_ROLE)
}

/// The merges in which the caller's organization takes part, of them those with `other` where it is given; the newest
/// first, at most `limit`.
pub fn list_for_caller(caller: &Digest, other: Option<OrganizationId>, limit: i64, now: Timestamp) -> Statement {
    Statement::new(select_merge!(concat!(
        "FROM (SELECT * FROM organization_merge WHERE organization_id = ",
        caller_organization!(),
        "
  UNION ALL SELECT * FROM organization_merge WHERE source_organization_id = ",
        caller_organization!(),
        ") AS merge
WHERE coalesce(?4, merge.organization_id) IN (merge.organization_id, merge.source_organization_id)
ORDER BY merge.merge_id DESC LIMIT ?5"
    )))
    .bind(caller)
    .bind(now)
    .bind(OWNER_ROLE)
    .bind(other)
    .bind(limit)
}

/// Only for a merge in which the caller's organization and, where it is given, `organization` take part.
pub fn refuse_unknown(caller: &Digest, merge: MergeId, organization: Option<OrganizationId>) -> Statement {
    let known =
        "EXISTS (SELECT 1 FROM live_caller AS caller CROSS JOIN organization_merge AS merge ON merge.merge_id = ?2
    AND caller.organization_id IN (merge.organization_id, merge.source_organization_id)
    AND coalesce(?3, caller.organization_id) IN (merge.organization_id, merge.source_organization_id)
  WHERE caller.token_digest = ?1)";
    refuse_unless(refusal::UNKNOWN, known).bind(caller).bind(merge).bind(organization)
}

/// Never of the caller's organization with itself.
pub fn refuse_own(caller: &Digest, source: OrganizationId) -> Statement {
    refuse_unless(refusal::OWN, concat!("?2 <> ", caller_organization!())).bind(caller).bind(source)
}

/// Only for an organization that there is.
pub fn refuse_unknown_source(source: OrganizationId) -> Statement {
    let known = "EXISTS (SELECT 1 FROM organization WHERE organization_id = ?1)";
    refuse_unless(refusal::SOURCE, known).bind(source)
}

/// Only while the caller's organization has asked for fewer than `most` merges since `since`, whatever became of them.
pub fn refuse_too_often(caller: &Digest, since: Timestamp, most: u64) -> Statement {
    const FEWER: &str = concat!(
        "(SELECT count(*) FROM organization_merge WHERE organization_id = ",
        caller_organization!(),
        " AND created_at > ?2) < ?3"
    );
    refuse_unless(refusal::TOO_OFTEN, FEWER).bind(caller).bind(since).bind(most)
}

/// Only for a caller whose address is verified.
pub fn refuse_unverified(caller: &Digest) -> Statement {
    let verified = "(SELECT account.email_verified FROM live_caller AS caller
    CROSS JOIN account ON account.account_id = caller.account_id WHERE caller.token_digest = ?1) = 1";
    refuse_unless(refusal::UNVERIFIED, verified).bind(caller)
}

/// Closes a request of the caller's organization for this source that can no longer be approved.
pub fn clear_expired(caller: &Digest, source: OrganizationId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE organization_merge AS merge SET state = 'withdrawn', closed_at = min(merge.expires_at, ?2)
WHERE merge.organization_id = ",
        caller_organization!(),
        " AND merge.source_organization_id = ?4 AND merge.state = 'pending' AND NOT ",
        still_open!("?2", "?3")
    ))
    .bind(caller)
    .bind(now)
    .bind(OWNER_ROLE)
    .bind(source)
}

/// Keeps what the caller asks for. A second open one violates [`OPEN_ALREADY`].
pub fn insert_for_caller(caller: &Digest, merge: &NewMerge<'_>, now: Timestamp) -> Statement {
    Statement::new(
        "INSERT INTO organization_merge (merge_id, organization_id, source_organization_id, keep, created_by, created_at,
  expires_at)
SELECT ?2, organization_id, ?3, ?4, account_id, ?5, ?6 FROM live_caller WHERE token_digest = ?1",
    )
    .bind(caller)
    .bind(merge.id)
    .bind(merge.source)
    .bind(serde_json::json!(merge.keep).to_string())
    .bind(now)
    .bind(merge.expires_at)
}

/// Only for a caller who acts in the organization that ends.
pub fn refuse_other_than_source(caller: &Digest, merge: MergeId) -> Statement {
    const SOURCE: &str = concat!(
        "(SELECT source_organization_id FROM organization_merge WHERE merge_id = ?2) = ",
        caller_organization!()
    );
    refuse_unless(refusal::NOT_SOURCE, SOURCE).bind(caller).bind(merge)
}

/// Only for a merge that can still be approved.
pub fn refuse_closed(merge: MergeId, now: Timestamp) -> Statement {
    const OPEN: &str = concat!(
        "EXISTS (SELECT 1 FROM organization_merge AS merge WHERE merge.merge_id = ?1 AND ",
        still_open!("?2", "?3"),
        ")"
    );
    refuse_unless(refusal::CLOSED, OPEN).bind(merge).bind(now).bind(OWNER_ROLE)
}

/// Only while the address of who asked for the merge is verified.
pub fn refuse_other_unverified(merge: MergeId) -> Statement {
    let verified = "(SELECT account.email_verified FROM organization_merge AS merge
    JOIN account ON account.account_id = merge.created_by WHERE merge.merge_id = ?1) = 1";
    refuse_unless(refusal::OTHER_UNVERIFIED, verified).bind(merge)
}

/// Only for a source of at most so many accounts.
pub fn refuse_too_large(merge: MergeId, most: u64) -> Statement {
    let few = "(SELECT count(*) FROM organization_merge AS merge
    CROSS JOIN membership ON membership.organization_id = merge.source_organization_id WHERE merge.merge_id = ?1) <= ?2";
    refuse_unless(refusal::TOO_LARGE, few).bind(merge).bind(most)
}

/// Only while `keep` says of each product that both have whose instance stays.
pub fn refuse_undecided(merge: MergeId) -> Statement {
    refuse_products(
        refusal::UNDECIDED,
        "CROSS JOIN organization_product AS mine ON mine.organization_id = merge.organization_id
    CROSS JOIN organization_product AS theirs ON theirs.organization_id = merge.source_organization_id
      AND theirs.product = mine.product
  WHERE merge.merge_id = ?1 AND NOT EXISTS (SELECT 1 FROM json_each(merge.keep) AS kept WHERE kept.key = mine.product)",
        "mine.product",
    )
    .bind(merge)
}

/// Only while each organization that `keep` names is one of the two and has the product.
pub fn refuse_absent(merge: MergeId) -> Statement {
    refuse_products(
        refusal::ABSENT,
        "CROSS JOIN json_each(merge.keep) AS kept
  WHERE merge.merge_id = ?1 AND NOT (kept.value IN (merge.organization_id, merge.source_organization_id)
    AND EXISTS (SELECT 1 FROM organization_product AS instance WHERE instance.organization_id = kept.value
      AND instance.product = kept.key))",
        "kept.key",
    )
    .bind(merge)
}

/// Stops the batch as `name` and the products that `rows` finds, if it finds any. Whatever they are called, they stand in
/// a JSON path: in hexadecimal.
fn refuse_products(name: &str, rows: &str, product: &str) -> Statement {
    Statement::new(format!(
        "SELECT CASE WHEN found IS NULL THEN 1 ELSE json_extract('{{}}', 'refuse:{name} ' || found) END
FROM (SELECT group_concat(hex({product}), ' ') AS found FROM organization_merge AS merge {rows})"
    ))
}

/// Decides or withdraws a merge, if it is open.
pub fn close_by_caller(caller: &Digest, merge: MergeId, state: &'static str, now: Timestamp) -> Statement {
    Statement::new(
        "UPDATE organization_merge SET state = ?3, closed_at = ?4,
  closed_by = (SELECT account_id FROM live_caller WHERE token_digest = ?1)
WHERE merge_id = ?2 AND state = 'pending'",
    )
    .bind(caller)
    .bind(merge)
    .bind(state)
    .bind(now)
}

/// Withdraws a merge, or refuses it, as the caller acts in the organization that stays or in the one that ends. One that
/// has expired may be taken away too.
pub fn take_back(caller: &Digest, merge: MergeId, now: Timestamp) -> Statement {
    Statement::new(concat!(
        "UPDATE organization_merge SET state = iif(organization_id = ",
        caller_organization!(),
        ", 'withdrawn', 'refused'), closed_at = ?3,
  closed_by = (SELECT account_id FROM live_caller WHERE token_digest = ?1)
WHERE merge_id = ?2 AND state = 'pending'"
    ))
    .bind(caller)
    .bind(merge)
    .bind(now)
}
