//! The caller's own passkeys, oldest first.

use super::PasskeyRow;
use crate::app::App;
use crate::store::passkeys;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// All of them: there are `MAX_PASSKEYS` at most.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<PasskeyRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(passkeys::list_for_caller(batch.token()));
    batch.run(|_| None).await?.all(found)
}
