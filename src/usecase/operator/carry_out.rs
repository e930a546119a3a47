//! Commands whose time has come are carried out. Runs on the cron trigger.

use crate::app::App;
use crate::domain::id::OutboxId;
use crate::mail::Template;
use crate::ports::DatabaseError;
use crate::store::operator_commands::{self as commands, DueRow, refusal};
use crate::store::{accounts, audit, sessions};
use crate::usecase::{Failure, audit_entry, present};

/// Commands of one run; the next goes on.
const AT_ONCE: u32 = 50;

/// Carries out every command whose time has come, each in a transaction of its own and once, and says how many: the
/// account has no second factor any more, is signed out everywhere, and no application acts for it. Its password and
/// personal tokens stay. Everybody who was told of the command is told of this. One that fails stops none behind it; the first
/// failure is what the run ends with.
pub async fn carry_out(app: &App) -> Result<u32, Failure> {
    let rows = app.batch_later(&[commands::list_due(app.now(), AT_ONCE)]).await?;
    let due: Vec<DueRow> = present(rows.first())?.all()?;
    let mut ended = Ok(0);
    for row in &due {
        let one = carry_out_one(app, row).await;
        ended = ended.and_then(|done: u32| Ok(done + u32::from(one?)));
    }
    ended
}

/// Whether it was this call that did it.
async fn carry_out_one(app: &App, row: &DueRow) -> Result<bool, Failure> {
    let now = app.now();
    let (command, account) = (row.command_id, row.account_id);
    let entry = audit_entry(app, now)?;
    let mut batch = Vec::from(commands::finish(command, now));
    batch.extend(commands::remove_second_factor(account));
    batch.push(accounts::changes::revoke_sessions(account, now));
    batch.push(sessions::end_all(account, now));
    batch.push(commands::record(&entry, command, "second_factor.reset"));
    batch.push(audit::origin(&entry, app.origin()));
    let first = OutboxId::new(now, &app.random()?);
    batch.push(commands::tell_everybody(command, first, Template::SecondFactorReset.name(), now));
    match app.batch_later(&batch).await {
        Ok(_) => Ok(true),
        Err(DatabaseError::Refused(name)) if name == refusal::OVER => Ok(false),
        Err(error) => Err(error.into()),
    }
}
