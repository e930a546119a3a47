//! Removes what has expired. Runs on the cron trigger; nothing depends on its having run (row T16).

use std::time::Duration;

use crate::app::App;
use crate::domain::time::Timestamp;
use crate::ports::{Rows, Statement};
use crate::store::expired::{self, AT_ONCE};
use crate::usecase::Failure;

/// Most transactions of one run.
const ROUNDS: u32 = 20;
/// How long a merge that did not come about can still be looked at, after it could not be approved any more.
const DEAD_MERGE_STAYS: Duration = Duration::from_hours(90 * 24);
/// How long a mail that was given up can still be looked at.
const DEAD_MAIL_STAYS: Duration = Duration::from_hours(30 * 24);

/// Removes what has expired in transactions of a bounded number of rows, a bounded number of them, and says how many
/// rows that were. What is left over is for the next run.
pub async fn sweep(app: &App) -> Result<u64, Failure> {
    let mut removed = 0;
    for _ in 0..ROUNDS {
        let rows = app.batch(&batch(app)?).await?;
        removed += rows.iter().map(Rows::changes).sum::<u64>();
        if rows.iter().all(|rows| rows.changes() < AT_ONCE.unsigned_abs()) {
            break;
        }
    }
    Ok(removed)
}

fn batch(app: &App) -> Result<Vec<Statement>, Failure> {
    let now = app.now();
    let audit_kept = Duration::from_hours(24 * app.config().audit_detail_days);
    let mut batch = expired::remove(now);
    batch.push(expired::remove_sessions(Timestamp::from_millis(-1), now));
    batch.push(expired::remove_sessions(somewhere_before(app, now)?, now));
    batch.push(expired::remove_known_devices(now));
    batch.push(expired::remove_dead_mails(now.minus(DEAD_MAIL_STAYS)));
    batch.push(expired::remove_merges(now.minus(DEAD_MERGE_STAYS)));
    batch.push(expired::remove_audit_details(now.minus(audit_kept)));
    Ok(batch)
}

/// Any instant within the longest time for which an expired session may still have tokens.
fn somewhere_before(app: &App, now: Timestamp) -> Result<Timestamp, Failure> {
    let span = u64::try_from(app.config().lifetimes.refresh_token.as_millis()).unwrap_or(u64::MAX).max(1);
    let ago = u64::from_be_bytes(app.random()?) % span;
    Ok(now.minus(Duration::from_millis(ago)))
}
