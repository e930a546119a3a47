//! The owner demands a second factor of every member, from a moment on.

use serde_json::json;

use super::{guard_own, refusal};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::domain::time::Timestamp;
use crate::store::audit::{Change, OWN_ORGANIZATION};
use crate::store::{organizations, second_factors};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, InvalidFields, Refusal};

/// From `required_at` on, whoever has no second factor is led to one at the next sign-in into the organization and can do
/// nothing else there before (row M6); `None` ends the demand. Not before now, and only by an owner who has a second factor,
/// so that somebody can always end it.
pub async fn require_second_factor(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    required_at: Option<Timestamp>,
) -> Result<(), Failure> {
    let now = app.now();
    if required_at.is_some_and(|at| at < now) {
        let problem = "must not be in the past";
        return Err(Refusal::Invalid(InvalidFields::from([("required_at".to_owned(), problem.to_owned())])).into());
    }
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    if required_at.is_some() {
        batch.push(second_factors::refuse_none(by));
    }
    let after = json!({"two_factor.required_at": required_at}).to_string();
    let change = Change::new("organization.require_second_factor", "organization", OWN_ORGANIZATION);
    batch.audit(&Change { after: &after, ..change })?;
    batch.push(organizations::require_second_factor(by, required_at, now));
    let refused = |name: &str| match name {
        second_factors::refusal::NONE => Some(Refusal::Conflict {
            resource: "second_factor",
            description: "Set up a second factor of your own first.",
        }),
        other => refusal(other, organization),
    };
    batch.run(refused).await.map(|_| ())
}
