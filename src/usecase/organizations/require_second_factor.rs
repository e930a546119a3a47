//! The owner demands a second factor of every member, from a moment on.

use std::time::Duration;

use serde_json::json;

use super::{guard_own, refusal};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::domain::time::Timestamp;
use crate::store::audit::{Change, OWN_ORGANIZATION};
use crate::store::{organizations, second_factors};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};
use crate::usecase::{Failure, InvalidFields, Refusal};

/// "From now on" may have been said by another clock, and on its way for a while.
const CLOCK_SKEW: Duration = Duration::from_mins(5);

/// From `required_at` on, whoever has no second factor is led to one at the next sign-in into the organization and can do
/// nothing else there before (row M6); `None` ends the demand. Not before now, and only by an owner who has a second factor,
/// so that somebody can always end it. The owner proves to be there, as for a transfer of ownership, or a token that was
/// stolen would open what the demand closes: one round trip, or two with a password or code.
pub async fn require_second_factor(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    required_at: Option<Timestamp>,
    presented: Presented<'_>,
) -> Result<(), Failure> {
    let now = app.now();
    if required_at.is_some_and(|at| at < now.minus(CLOCK_SKEW)) {
        let problem = "must not be in the past";
        return Err(Refusal::Invalid(InvalidFields::from([("required_at".to_owned(), problem.to_owned())])).into());
    }
    let known = |name: &str| refused(name, organization);
    let mut first = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut first, organization);
    let proof = step_up::prove(app, first, presented, known).await?;

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    proof.guard(app, &mut batch, now)?;
    if required_at.is_some() {
        batch.push(second_factors::refuse_none(by));
    }
    let after = json!({"two_factor.required_at": required_at}).to_string();
    let change = Change::new("organization.require_second_factor", "organization", OWN_ORGANIZATION);
    batch.push(organizations::touch_second_factor(by, required_at, now));
    batch.audit(&Change { after: &after, before: organizations::DEMAND_BEFORE, only_if_changed: true, ..change })?;
    batch.push(organizations::require_second_factor(by, required_at));
    batch.run(known).await.map(|_| ())
}

fn refused(name: &str, organization: Option<OrganizationId>) -> Option<Refusal> {
    match name {
        second_factors::refusal::NONE => Some(Refusal::Conflict {
            resource: "second_factor",
            description: "Set up a second factor of your own first.",
        }),
        other => step_up::refused(other).or_else(|| refusal(other, organization)),
    }
}
