//! A merge that was asked for does not come about.

use super::{Place, guard, refused};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::store::organization_merges::{self, log, mails, refusal};
use crate::store::{audit, refuse_unless_changed};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, audit_entry};

/// The mail that tells who asked that the other owner refused.
pub(in crate::usecase) const TEMPLATE: &str = "merge_refused";

/// Withdraws it, for the owner of the organization that asked, or refuses it, for the owner of the other one. Once it is
/// decided, that is a conflict.
pub async fn withdraw(app: &App, caller: &Caller, place: Place) -> Result<(), Failure> {
    let (now, merge) = (app.now(), place.merge);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard(&mut batch, place);
    batch.push(organization_merges::take_back(by, merge, now));
    batch.push(refuse_unless_changed(refusal::CLOSED));
    let entry = audit_entry(app, now)?;
    batch.push(log::record_taking_back(by, merge, &entry));
    batch.push(audit::origin(&entry, app.origin()));
    batch.push(mails::tell_of_refusal(merge, OutboxId::new(now, &app.random()?), TEMPLATE, now));
    batch.run(|name| refused(name, merge)).await.map(drop)
}
