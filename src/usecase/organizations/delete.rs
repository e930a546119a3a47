//! An organization ends.

use super::{guard_own, lost, refusal};
use crate::app::App;
use crate::domain::id::{OrganizationId, OutboxId};
use crate::store::audit::{self, Change, OWN_ORGANIZATION};
use crate::store::{organization_deletion as deletion, organizations};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, InvalidFields, Refusal, audit_entry};

/// The mail that tells those who stay.
pub(in crate::usecase) const TEMPLATE: &str = "organization_deleted";

const NOT_REPEATED: &str = "organization_not_repeated";

/// Removes the caller's organization with everything of it, and every account that belongs to no other, the owner's too.
/// Who stays is told by mail. All of it in one transaction, however many members there are: before it nothing is gone,
/// after it nothing of the organization is alive (row R12).
///
/// `repeated` is the id that the caller wrote beside the path; it must be the organization's own. The caller proves who
/// they are as for a transfer of ownership: one round trip after a fresh sign-in, two with a password.
pub async fn delete(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    repeated: OrganizationId,
    proof: Presented<'_>,
) -> Result<(), Failure> {
    let now = app.now();
    let known = |name: &str| refused(name, organization);
    let mut first = AuthorizedBatch::new(app, caller, None);
    guard(&mut first, organization, repeated);
    let proof = step_up::prove(app, first, proof, known).await?;

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard(&mut batch, organization, repeated);
    proof.guard(app, &mut batch, now)?;
    let entry = audit_entry(app, now)?;
    let change = Change {
        before: organizations::BEFORE,
        ..Change::new("organization.delete", "organization", OWN_ORGANIZATION)
    };
    batch.push(audit::record(by, &entry, &change));
    batch.push(audit::detail(&entry, app.origin(), &change));
    batch.push(deletion::withdraw_merges(by, repeated, now));
    batch.push(deletion::tell_who_stay(repeated, OutboxId::new(now, &app.random()?), TEMPLATE, now));
    batch.push(deletion::leave_defaults(repeated));
    batch.push(deletion::delete_accounts(repeated, entry.id));
    batch.push(deletion::delete(repeated));
    batch.push(deletion::delete_homeless_actor(entry.id));
    batch.run(known).await.map_err(|failure| match proof.took_a_round_trip() {
        true => lost(failure),
        false => failure,
    })?;
    Ok(())
}

fn guard(batch: &mut AuthorizedBatch<'_>, organization: Option<OrganizationId>, repeated: OrganizationId) {
    guard_own(batch, organization);
    batch.push(deletion::refuse_other_than(batch.token(), repeated, NOT_REPEATED));
}

fn refused(name: &str, organization: Option<OrganizationId>) -> Option<Refusal> {
    match name {
        NOT_REPEATED => {
            let problem = "must be the id of the organization";
            Some(Refusal::Invalid(InvalidFields::from([("organization_id".to_owned(), problem.to_owned())])))
        }
        other => step_up::refused(other).or_else(|| refusal(other, organization)),
    }
}
