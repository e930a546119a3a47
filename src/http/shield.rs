//! The platform's own counting of requests, before the service counts anything.

use crate::app::App;
use crate::authz::gate::Gate;
use crate::authz::operation::Operation;
use crate::usecase::{Failure, Refusal};

/// The platform counts in periods of a minute.
const PERIOD_SECONDS: u64 = 60;

/// Refuses what the shield does not let pass: no storage is asked.
pub(super) async fn refuse_flood(app: &App, operation: Operation) -> Result<(), Failure> {
    match Gate::of(operation) {
        Some(gate) if !app.passes(gate).await => Err(Refusal::Throttled { retry_after: PERIOD_SECONDS }.into()),
        _ => Ok(()),
    }
}
