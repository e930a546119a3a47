//! The caller's live sessions.

use crate::app::App;
use crate::store::sessions::{self, SessionRow};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Those of the caller's account, whatever the organization; never anybody else's.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<SessionRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(sessions::list_for_caller(batch.token(), app.now()));
    batch.run(|_| None).await?.all(found)
}
