//! Who is told of a merge by mail.

use crate::domain::id::{MergeId, OutboxId};
use crate::domain::time::Timestamp;
use crate::ports::Statement;
use crate::store::catalogue::OWNER_ROLE;

/// Locale of a person who has not chosen one.
const DEFAULT_LOCALE: &str = "en";

/// To whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// Who owns the organization that stays.
    OwnerStaying,
    /// Who owns the source.
    OwnerOfSource,
}

macro_rules! mail_to_owner {
    ($condition:literal) => {
        concat!(
            "INSERT INTO outbox (outbox_id, template, locale, recipient_kind, recipient_id, parameters, created_at,
  next_attempt_at)
SELECT ?2, ?3, coalesce(account.locale, ?6), 'account', account.account_id,
  json_object('merge_id', merge.merge_id, 'account_id', merge.created_by, 'organization_id', merge.organization_id,
    'source_organization_id', merge.source_organization_id), ?5, ?5
FROM organization_merge AS merge
CROSS JOIN membership_role AS owner ON owner.role_id = ?7
  AND owner.organization_id = iif(?4, merge.source_organization_id, merge.organization_id)
CROSS JOIN account ON account.account_id = owner.account_id
WHERE merge.merge_id = ?1",
            $condition
        )
    };
}

/// A mail to one of the owners, due at once. It tells of the merge, who asked for it, and both organizations.
pub fn tell(merge: MergeId, id: OutboxId, template: &'static str, recipient: Recipient, now: Timestamp) -> Statement {
    bound(Statement::new(mail_to_owner!("")), merge, id, template, recipient, now)
}

/// As [`tell`], to the owner who asked, if the other one has refused.
pub fn tell_of_refusal(merge: MergeId, id: OutboxId, template: &'static str, now: Timestamp) -> Statement {
    let statement = Statement::new(mail_to_owner!(" AND merge.state = 'refused'"));
    bound(statement, merge, id, template, Recipient::OwnerStaying, now)
}

fn bound(
    statement: Statement,
    merge: MergeId,
    id: OutboxId,
    template: &'static str,
    recipient: Recipient,
    now: Timestamp,
) -> Statement {
    statement
        .bind(merge)
        .bind(id)
        .bind(template)
        .bind(recipient == Recipient::OwnerOfSource)
        .bind(now)
        .bind(DEFAULT_LOCALE)
        .bind(OWNER_ROLE)
}
