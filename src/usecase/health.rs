//! Is the service able to work?

use crate::app::App;
use crate::store::catalogue::{self, SchemaVersion};

/// What answered. Holds no secret and no setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Migrations applied; `None` when the database did not answer.
    pub schema_version: Option<u32>,
    /// Whether the cache answered.
    pub cache: bool,
}

/// Asks the database and the cache once each.
pub async fn check(app: &App) -> Health {
    let statement = [catalogue::schema_version()];
    let database = app.batch(&statement).await.ok();
    let version = database.and_then(|rows| rows.first()?.first::<SchemaVersion>().ok()?);
    let cache = app.cached("health").await.is_ok();
    Health { schema_version: version.map(|row| row.version), cache }
}
