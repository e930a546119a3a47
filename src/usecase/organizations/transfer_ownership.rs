//! The owner of an organization becomes another.

use super::{OrganizationRow, guard_own, lost, moved, refusal};
use crate::app::App;
use crate::domain::id::{AccountId, OrganizationId, OutboxId};
use crate::store::audit::Change;
use crate::store::{organizations, outbox, ownership};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, InvalidFields, Refusal, present};

/// The mail that tells both of it.
pub(in crate::usecase) const TEMPLATE: &str = "ownership_transferred";

/// Makes an administrator of the caller's organization, who is not suspended, its owner, and the caller an
/// administrator. Their roles in products stay as they are. Both are told by mail.
///
/// The caller proves who they are: by a sign-in of the last ten minutes (one round trip), or by the password (two, the
/// hash between them, the second asking everything again). Whatever has changed between the two is a conflict. Two
/// transfers at once: the second finds no owner in its caller (row R1).
pub async fn transfer_ownership(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    heir: AccountId,
    proof: Presented<'_>,
) -> Result<OrganizationRow, Failure> {
    let now = app.now();
    let known = |name: &str| refused(name, organization);
    let mut first = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut first, organization);
    first.push(ownership::refuse_other_than_administrator(first.token(), heir));
    let proof = step_up::prove(app, first, proof, known).await?;

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    proof.guard(app, &mut batch, now)?;
    batch.push(ownership::refuse_other_than_administrator(by, heir));
    batch.audit(&Change::new("organization.transfer_ownership", "account", &heir.to_string()))?;
    batch.extend(ownership::transfer(by, heir, now));
    for recipient in [None, Some(heir)] {
        batch.push(outbox::tell_member(by, OutboxId::new(now, &app.random()?), TEMPLATE, recipient, heir, now));
    }
    let found = batch.push(organizations::get_for_caller(by, None));
    let outcome = batch.run(known).await.map_err(|failure| match proof.took_a_round_trip() {
        true => lost(failure),
        false => failure,
    })?;
    present(outcome.first(found)?)
}

fn refused(name: &str, organization: Option<OrganizationId>) -> Option<Refusal> {
    match name {
        ownership::refusal::HEIR => {
            let problem = "must be an administrator of the organization who is not suspended";
            Some(Refusal::Invalid(InvalidFields::from([("account_id".to_owned(), problem.to_owned())])))
        }
        ownership::refusal::MOVED => Some(moved()),
        other => step_up::refused(other).or_else(|| refusal(other, organization)),
    }
}
