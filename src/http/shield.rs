//! What stands behind the platform's own counting of requests, before the service itself counts anything.

use crate::app::App;
use crate::authz::operation::Operation;
use crate::ports::Gate;
use crate::usecase::{Failure, Refusal};

/// The platform counts in periods of a minute.
const PERIOD_SECONDS: u64 = 60;

/// Where a stranger can make the service hash, write or send mail. Everything else costs a stranger no storage, or asks for
/// a credential first.
const fn gate(operation: Operation) -> Option<Gate> {
    match operation {
        Operation::SignIn
        | Operation::SignUp
        | Operation::SignInToInvitation
        | Operation::SignUpToInvitation
        | Operation::AskPasswordReset
        | Operation::ResetPassword
        | Operation::CreateOrganization => Some(Gate::People),
        Operation::ExchangeToken => Some(Gate::Applications),
        _ => None,
    }
}

/// Refuses what the shield does not let pass: no storage is asked.
pub(super) async fn refuse_flood(app: &App, operation: Operation) -> Result<(), Failure> {
    match gate(operation) {
        Some(gate) if !app.passes(gate).await => Err(Refusal::Throttled { retry_after: PERIOD_SECONDS }.into()),
        _ => Ok(()),
    }
}
