//! What happened in an organization, with names.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::id::AuditId;
use crate::store::audit;
pub use crate::store::audit::NamedAuditRow;
use crate::usecase::Failure;
use crate::usecase::audit_log::Filter;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page of it.
pub struct AuditLog {
    /// Who looks.
    pub viewer: Viewer,
    /// Newest first.
    pub page: Page<NamedAuditRow>,
}

/// The same entries as the API's.
pub async fn read(app: &App, caller: &Caller, filter: &Filter, request: PageRequest) -> Result<AuditLog, Failure> {
    let caller = caller.before(Screen::AuditLog);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    request.guard(&mut batch);
    let viewer = Viewer::begin(&mut batch);
    let before = request.after.map(|position| AuditId::from_bytes(position.id));
    let found = batch.push(audit::list_named_for_caller(batch.token(), filter, before, request.rows()));
    let outcome = batch.run(page::refusal).await?;
    let page = request.page(&outcome, found, |row: &NamedAuditRow| row.row.audit_id.bytes(), |row| row)?;
    Ok(AuditLog { viewer: Viewer::of(&outcome, viewer)?, page })
}
