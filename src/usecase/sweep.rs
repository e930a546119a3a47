//! Removes what has expired. Runs on the cron trigger; nothing depends on its having run (row T16).

use std::time::Duration;

use crate::app::App;
use crate::ports::Rows;
use crate::store::expired;
use crate::usecase::Failure;

/// Removes a bounded number of rows in one transaction and says how many. The next run goes on where this one ended.
pub async fn sweep(app: &App) -> Result<u64, Failure> {
    let now = app.now();
    let kept = Duration::from_hours(24 * app.config().audit_detail_days);
    let mut batch = expired::remove(now);
    batch.push(expired::remove_sessions(now));
    batch.push(expired::remove_audit_details(now.minus(kept)));
    let rows = app.batch(&batch).await?;
    Ok(rows.iter().map(Rows::changes).sum())
}
