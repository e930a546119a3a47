//! What happened in the caller's organization, newest first.

use super::AuditRow;
use crate::app::App;
use crate::domain::id::AuditId;
use crate::store::audit::{self, Filter};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page in one round trip.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<AuditRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    request.guard(&mut batch);
    let before = request.after.map(|position| AuditId::from_bytes(position.id));
    let found = batch.push(audit::list_for_caller(batch.token(), filter, before, request.rows()));
    let outcome = batch.run(page::refusal).await?;
    request.page(&outcome, found, |row: &AuditRow| row.audit_id.bytes(), |row| row)
}
