//! A domain is no longer an organization's.

use super::refused;
use crate::app::App;
use crate::domain::id::{DomainId, OrganizationId};
use crate::store::audit::Change;
use crate::store::organization_domains;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::guard_own;

/// Removes a domain of the caller's organization with its proof. Who joined by it stays.
pub async fn remove(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    domain: DomainId,
) -> Result<(), Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    batch.push(organization_domains::refuse_unknown(by, domain));
    let target = domain.to_string();
    batch.audit(&Change { before: organization_domains::BEFORE, ..Change::new("domain.remove", "domain", &target) })?;
    batch.push(organization_domains::delete_for_caller(by, domain));
    batch.run(|name| refused(name, organization, Some(domain))).await.map(drop)
}
