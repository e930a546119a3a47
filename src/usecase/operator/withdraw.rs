//! A waiting command is withdrawn.

use crate::app::App;
use crate::domain::id::{CommandId, OutboxId};
use crate::mail::Template;
use crate::store::audit;
use crate::store::operator_commands::{self as commands, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, audit_entry};

/// Withdraws a command that waits: by the person whom it is about, or by who owns or administers an organization of theirs.
/// Everybody who was told of the command is told of this. For anybody else there is no such command.
pub async fn withdraw(app: &App, caller: &Caller, command: CommandId) -> Result<(), Failure> {
    let now = app.now();
    let entry = audit_entry(app, now)?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(commands::withdraw(by, command, now));
    batch.push(commands::refuse_not_withdrawn());
    batch.push(commands::record_of_caller(by, &entry, command, "second_factor.withdraw_reset"));
    batch.push(audit::origin(&entry, app.origin()));
    let first = OutboxId::new(now, &app.random()?);
    batch.push(commands::tell_everybody(command, first, Template::SecondFactorResetWithdrawn.name(), now));
    let refused = |name: &str| {
        (name == refusal::UNKNOWN)
            .then(|| Refusal::NotFound { resource: "operator_command", id: Some(command.to_string()) })
    };
    batch.run(refused).await.map(|_| ())
}
