//! An organization says that a domain is its own.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::{DomainRow, refused};
use crate::app::App;
use crate::domain::id::{DomainId, OrganizationId};
use crate::domain::mail_domain::{MAX_DOMAINS, MailDomain};
use crate::store::audit::Change;
use crate::store::organization_domains;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::guard_own;
use crate::usecase::{Failure, present};

/// Bytes of randomness in what the DNS record must say: nobody puts it there by chance or for another organization.
const CHALLENGE_BYTES: usize = 16;

/// Adds a domain to the caller's organization, at most [`MAX_DOMAINS`]. Until it is proven nobody joins by it, and any
/// number of organizations may say the same.
pub async fn add(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    domain: &MailDomain,
) -> Result<DomainRow, Failure> {
    let now = app.now();
    let id = DomainId::new(now, &app.random()?);
    let challenge = URL_SAFE_NO_PAD.encode(app.random::<CHALLENGE_BYTES>()?);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, organization);
    batch.push(organization_domains::refuse_full(by, MAX_DOMAINS));
    batch.push(organization_domains::insert_for_caller(by, id, domain, &challenge, now));
    let (target, after) = (id.to_string(), json!({ "domain": domain.as_str() }).to_string());
    batch.audit(&Change { after: &after, ..Change::new("domain.add", "domain", &target) })?;
    let found = batch.push(organization_domains::get_for_caller(by, id));
    let outcome = batch.run(|name| refused(name, organization, None)).await?;
    present(outcome.first(found)?)
}
