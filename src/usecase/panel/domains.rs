//! The domains of an organization.

use super::{Screen, Viewer};
use crate::app::App;
use crate::store::organization_domains;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::domains::DomainRow;

/// By whose addresses people may join, or could once it is proven.
pub struct DomainsScreen {
    /// Who looks.
    pub viewer: Viewer,
    /// Oldest first.
    pub domains: Vec<DomainRow>,
}

/// For administrators.
pub async fn read(app: &App, caller: &Caller) -> Result<DomainsScreen, Failure> {
    let caller = caller.before(Screen::Domains);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let domains = batch.push(organization_domains::list_for_caller(batch.token()));
    let outcome = batch.run(|_| None).await?;
    Ok(DomainsScreen { viewer: Viewer::of(&outcome, viewer)?, domains: outcome.all(domains)? })
}
