//! The owner of an organization asks for another one to become part of it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Merge, find, found, refused_keep, refused_request};
use crate::app::App;
use crate::domain::id::{MergeId, OrganizationId, OutboxId};
use crate::store::organization_merges::log::{self, Log};
use crate::store::organization_merges::mails::{self, Recipient};
use crate::store::organization_merges::{self, NewMerge, OPEN_ALREADY, refusal};
use crate::store::{audit, authorization};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::guard_own;
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, InvalidFields, Refusal, audit_entry, organizations};

/// The mail that tells the other owner.
pub(in crate::usecase) const TEMPLATE: &str = "merge_requested";
/// For so long a merge waits for its approval.
const LIFETIME: Duration = Duration::from_hours(14 * 24);
const HOUR: Duration = Duration::from_hours(1);

/// What the owner asks for.
pub struct Wish {
    /// The organization that would end.
    pub source: OrganizationId,
    /// By product, whose instance stays where both have it.
    pub keep: BTreeMap<String, OrganizationId>,
}

/// Keeps the wish for 14 days and tells the other owner by mail. Nothing else happens before they approve.
///
/// The caller owns the organization, has a verified address and proves to be there, as for an ownership transfer: one
/// round trip, or two with a password. Of the same two organizations in this direction one merge is open at a time.
pub async fn request(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    wish: &Wish,
    proof: Presented<'_>,
) -> Result<Merge, Failure> {
    let now = app.now();
    let known = |name: &str| refused(name, organization, wish.source);
    let mut first = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut first, organization);
    let proof = step_up::prove(app, first, proof, known).await?;

    let id = MergeId::new(now, &app.random()?);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    proof.guard(app, &mut batch, now)?;
    batch.push(organization_merges::refuse_unverified(by));
    batch.push(organization_merges::refuse_own(by, wish.source));
    let (since, most) = (now.minus(HOUR), app.config().limits.merge_requests_per_hour);
    batch.push(organization_merges::refuse_too_often(by, since, most));
    batch.push(organization_merges::refuse_unknown_source(wish.source));
    batch.push(organization_merges::clear_expired(by, wish.source, now));
    let new = NewMerge { id, source: wish.source, keep: &wish.keep, expires_at: now.plus(LIFETIME) };
    batch.push(organization_merges::insert_for_caller(by, &new, now));
    batch.push(organization_merges::refuse_undecided(id));
    batch.push(organization_merges::refuse_absent(id));
    batch.push(organization_merges::refuse_too_large(id, app.config().limits.merged_accounts));
    let entry = audit_entry(app, now)?;
    batch.push(log::record(by, id, &entry, "organization.request_merge", Log::Staying));
    batch.push(audit::origin(&entry, app.origin()));
    batch.push(mails::tell(id, OutboxId::new(now, &app.random()?), TEMPLATE, Recipient::OwnerOfSource, now));
    let slots = find(&mut batch, id, now);
    let outcome = batch.run(known).await?;
    found(&outcome, slots)
}

fn refused(name: &str, organization: Option<OrganizationId>, source: OrganizationId) -> Option<Refusal> {
    let absent =
        |id: Option<OrganizationId>| Refusal::NotFound { resource: "organization", id: id.map(|id| id.to_string()) };
    Some(match name {
        authorization::refusal::RANK => absent(organization),
        refusal::SOURCE => absent(Some(source)),
        refusal::OWN => {
            let problem = "must be another organization".to_owned();
            Refusal::Invalid(InvalidFields::from([("source_organization_id".to_owned(), problem)]))
        }
        refusal::TOO_OFTEN => Refusal::Throttled { retry_after: HOUR.as_secs() },
        OPEN_ALREADY => super::conflict(super::OPEN),
        other => {
            return refused_keep(other)
                .or_else(|| refused_request(other))
                .or_else(|| organizations::refusal(other, organization));
        }
    })
}
