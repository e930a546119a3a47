//! Is the service able to work?

use std::time::Duration;

use crate::app::{App, Health};
use crate::store::catalogue::{self, SchemaVersion};

/// How long a result is kept, so that probes cost nothing.
const KEPT: Duration = Duration::from_secs(5);

/// Asks the database and the cache once each, or gives the isolate's last answer while it is less than 5 s old.
pub async fn check(app: &App) -> Health {
    let now = app.now();
    let last = app.last_health().lock().ok().and_then(|last| *last);
    if let Some((at, health)) = last
        && at <= now
        && now.since(at) < KEPT
    {
        return health;
    }
    let health = look(app).await;
    if let Ok(mut last) = app.last_health().lock() {
        *last = Some((now, health));
    }
    health
}

async fn look(app: &App) -> Health {
    let database = app.batch(&[catalogue::schema_version()]).await.ok();
    let version = database.and_then(|rows| rows.first()?.first::<SchemaVersion>().ok()?);
    let cache = app.cached("health").await.is_ok();
    Health { schema_version: version.map(|row| row.version), cache }
}
