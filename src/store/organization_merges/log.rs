//! What the audit log tells of a merge.

use crate::domain::id::MergeId;
use crate::oauth::digest::Digest;
use crate::ports::Statement;
use crate::store::audit::Entry;

/// In whose log a row stands; its target is the other one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Log {
    /// That of the organization that stays.
    Staying,
    /// That of the source.
    Source,
}

/// The row of what the caller does with a merge. Its `audit::origin` follows.
pub fn record(caller: &Digest, merge: MergeId, entry: &Entry, action: &'static str, log: Log) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id, facts)
SELECT ?3, ?4, ?5, iif(?7, merge.source_organization_id, merge.organization_id), 'account', caller.account_id,
  caller.client_id, caller.session_id, 'organization',
  iif(?7, merge.organization_id, merge.source_organization_id), ?6,
  json_object('merge_id', merge.merge_id, 'keep', json(merge.keep))
FROM live_caller AS caller CROSS JOIN organization_merge AS merge ON merge.merge_id = ?2
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(merge)
    .bind(entry.id)
    .bind(entry.at)
    .bind(action)
    .bind(entry.request)
    .bind(log == Log::Source)
}

/// The row of a merge that the caller withdrew or refused, in the log of the caller's organization; the other one is the
/// target. Its `audit::origin` follows.
pub fn record_taking_back(caller: &Digest, merge: MergeId, entry: &Entry) -> Statement {
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id, facts)
SELECT ?3, ?4, CASE merge.state WHEN 'refused' THEN 'organization.refuse_merge' ELSE 'organization.withdraw_merge' END,
  caller.organization_id, 'account', caller.account_id, caller.client_id, caller.session_id, 'organization',
  iif(merge.state = 'refused', merge.organization_id, merge.source_organization_id), ?5,
  json_object('merge_id', merge.merge_id)
FROM live_caller AS caller CROSS JOIN organization_merge AS merge ON merge.merge_id = ?2
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(merge)
    .bind(entry.id)
    .bind(entry.at)
    .bind(entry.request)
}

/// One row for each account, role, product, application and domain that the merge moves, in the log of the organization
/// that stays: who was a member before and with which roles they come. Before anything is moved.
///
/// The ids of the rows count on from that of `entry` (RFC 9562 section 6.2: a counter in the random part).
pub fn record_moves(caller: &Digest, merge: MergeId, entry: &Entry) -> Statement {
    let id = entry.id.to_string();
    let (head, tail) = id.split_at_checked(24).unwrap_or((&id, ""));
    let first = i64::from_str_radix(tail, 16).unwrap_or(0);
    Statement::new(
        "INSERT INTO audit_log (audit_id, at, action, organization_id, actor_kind, actor_id, client_id, session_id,
  target_kind, target_id, request_id, facts)
SELECT ?3 || printf('%012x', (?4 + row_number() OVER ()) & 281474976710655), ?5, moved.noun || '.merge',
  merge.organization_id, 'account', caller.account_id, caller.client_id, caller.session_id, moved.noun, moved.id, ?6,
  json_patch(json_object('merge_id', merge.merge_id, 'source_organization_id', merge.source_organization_id),
    moved.facts)
FROM live_caller AS caller CROSS JOIN organization_merge AS merge ON merge.merge_id = ?2 CROSS JOIN (
  SELECT 'account' AS noun, theirs.account_id AS id, json_object('member_before', json(iif(mine.account_id IS NULL,
      'false', 'true')), 'roles', (SELECT json_group_array(role_id) FROM membership_role AS brought
    WHERE brought.organization_id = theirs.organization_id AND brought.account_id = theirs.account_id)) AS facts
  FROM organization_merge AS merge
  CROSS JOIN membership AS theirs ON theirs.organization_id = merge.source_organization_id
  LEFT JOIN membership AS mine ON mine.organization_id = merge.organization_id
    AND mine.account_id = theirs.account_id
  WHERE merge.merge_id = ?2
  UNION ALL
  SELECT 'role', role.role_id, '{}' FROM organization_merge AS merge
  CROSS JOIN role ON role.organization_id = merge.source_organization_id WHERE merge.merge_id = ?2
  UNION ALL
  SELECT 'product', theirs.product, json_object('state', theirs.state) FROM organization_merge AS merge
  CROSS JOIN organization_product AS theirs ON theirs.organization_id = merge.source_organization_id
  WHERE merge.merge_id = ?2 AND merge.organization_id <> coalesce((SELECT kept.value FROM json_each(merge.keep) AS kept
    WHERE kept.key = theirs.product), '')
  UNION ALL
  SELECT 'client', client.client_id, '{}' FROM organization_merge AS merge
  CROSS JOIN client ON client.organization_id = merge.source_organization_id WHERE merge.merge_id = ?2
  UNION ALL
  SELECT 'domain', theirs.domain_id, '{}' FROM organization_merge AS merge
  CROSS JOIN organization_domain AS theirs ON theirs.organization_id = merge.source_organization_id
  WHERE merge.merge_id = ?2 AND theirs.proven_at IS NOT NULL
) AS moved
WHERE caller.token_digest = ?1",
    )
    .bind(caller)
    .bind(merge)
    .bind(head)
    .bind(first)
    .bind(entry.at)
    .bind(entry.request)
}
