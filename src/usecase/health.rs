//! Is the service able to work?

use std::time::Duration;

use crate::app::{App, Health};
use crate::store::catalogue::{self, SchemaVersion};

/// How long a result is kept in an isolate, so that probes cost nothing.
const KEPT: Duration = Duration::from_secs(5);

/// Asks the database and the cache once each, or repeats what they last said.
pub async fn check(app: &App) -> Health {
    if let Some(health) = app.recent_health(KEPT) {
        return health;
    }
    let statement = [catalogue::schema_version()];
    let database = app.batch(&statement).await.ok();
    let version = database.and_then(|rows| rows.first()?.first::<SchemaVersion>().ok()?);
    let cache = app.cached("health").await.is_ok();
    let health = Health { schema_version: version.map(|row| row.version), cache };
    app.keep_health(health);
    health
}
