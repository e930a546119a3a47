//! A merge happens.

use super::{Merge, Place, guard, refused};
use crate::app::App;
use crate::domain::id::{MergeId, OutboxId};
use crate::domain::time::Timestamp;
use crate::ports::Statement;
use crate::store::organization_merges::log::{self, Log};
use crate::store::organization_merges::mails::{self, Recipient};
use crate::store::organization_merges::{self, belongings, people, preview, refusal};
use crate::store::{audit, refuse_unless_changed};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, Refusal, audit_entry, present};

/// The mail that tells both owners.
pub(in crate::usecase) const TEMPLATE: &str = "merge_done";

/// With what the owner of the organization that ends approves.
pub struct Approval<'a> {
    /// Proof of who is there, unless the sign-in is fresh.
    pub proof: Presented<'a>,
    /// The preview that the owner looked at; anything else that the merge would do by now is a conflict. `None` takes it as
    /// it is.
    pub version: Option<String>,
}

/// Makes the merge, in one transaction: afterwards all of it has happened, or nothing.
///
/// By the owner of the source, who has a verified address and proves to be there; so did the owner who asked, whose address
/// is still verified and who still owns the other organization. Every credential of the source is dead afterwards, the
/// caller's own too. The number of statements does not depend on how many accounts move.
pub async fn approve(app: &App, caller: &Caller, place: Place, approval: &Approval<'_>) -> Result<Merge, Failure> {
    let (now, merge) = (app.now(), place.merge);
    let known = |name: &str| refused(name, merge).or_else(|| undecided(name));
    let mut first = AuthorizedBatch::new(app, caller, None);
    guard(&mut first, place);
    let proof = step_up::prove(app, first, approval.proof, known).await?;

    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard(&mut batch, place);
    proof.guard(app, &mut batch, now)?;
    check(&mut batch, merge, approval, app);
    batch.push(organization_merges::close_by_caller(batch.token(), merge, "done", now));
    batch.push(refuse_unless_changed(refusal::CLOSED));
    tell(&mut batch, merge, app)?;
    batch.extend(carry_out(merge, now));
    let row = batch.push(organization_merges::get(merge, now));
    let outcome = batch.run(known).await?;
    Ok(Merge { row: present(outcome.first(row)?)?, preview: None })
}

fn check(batch: &mut AuthorizedBatch<'_>, merge: MergeId, approval: &Approval<'_>, app: &App) {
    batch.push(organization_merges::refuse_other_than_source(batch.token(), merge));
    batch.push(organization_merges::refuse_closed(merge, app.now()));
    batch.push(organization_merges::refuse_unverified(batch.token()));
    batch.push(organization_merges::refuse_other_unverified(merge));
    batch.push(organization_merges::refuse_undecided(merge));
    batch.push(organization_merges::refuse_absent(merge));
    batch.push(preview::refuse_changed(merge, approval.version.as_deref()));
    batch.push(organization_merges::refuse_too_large(merge, app.config().limits.merged_accounts));
}

/// The audit log of both organizations, and the mails; all that needs the caller's credential or the source's members.
fn tell(batch: &mut AuthorizedBatch<'_>, merge: MergeId, app: &App) -> Result<(), Failure> {
    let now = app.now();
    for log in [Log::Staying, Log::Source] {
        let entry = audit_entry(app, now)?;
        batch.push(log::record(batch.token(), merge, &entry, "organization.merge", log));
        batch.push(audit::origin(&entry, app.origin()));
    }
    batch.push(log::record_moves(batch.token(), merge, &audit_entry(app, now)?));
    for recipient in [Recipient::OwnerStaying, Recipient::OwnerOfSource] {
        batch.push(mails::tell(merge, OutboxId::new(now, &app.random()?), TEMPLATE, recipient, now));
    }
    Ok(())
}

/// Everything that moves, then the end of the source, which takes the rest with it. The order matters where the
/// statements say so.
fn carry_out(merge: MergeId, now: Timestamp) -> Vec<Statement> {
    let mut statements = vec![belongings::rename_roles(merge, now), belongings::move_roles(merge)];
    statements.extend(belongings::end_tokens_of_replaced_products(merge, now));
    statements.extend(belongings::move_products(merge));
    statements.extend([
        people::touch_present(merge, now),
        people::join(merge, now),
        people::raise_secondary_roles(merge, now),
        people::give_other_roles(merge, now),
        people::keep_suspensions(merge),
        people::give_primary_roles(merge, now),
        people::raise_former_owner(merge, now),
        people::change_default_organization(merge, now),
        people::move_avatars(merge),
        belongings::narrow_clients(merge),
        belongings::move_clients(merge, now),
    ]);
    statements.extend(belongings::move_domains(merge));
    statements.extend([
        belongings::move_operator_commands(merge),
        belongings::move_history(merge),
        belongings::end_source(merge),
    ]);
    statements
}

/// The products are others than when the merge was asked for.
fn undecided(name: &str) -> Option<Refusal> {
    let products = [refusal::UNDECIDED, refusal::ABSENT].iter().any(|kind| name.starts_with(kind));
    products.then(|| super::conflict(super::PRODUCTS_CHANGED))
}
