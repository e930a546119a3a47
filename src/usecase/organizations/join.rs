//! Somebody joins an organization by a verified address of a domain that it has proven.

use super::{OrganizationRow, not_found};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::organization_domains::{self, refusal};
use crate::store::{memberships, organizations};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, present};

/// Makes the caller's account an Accounts/member of `organization`. Which organizations are open is nobody else's
/// business: any other is not found, whether there is one or not.
pub async fn join(app: &App, caller: &Caller, organization: OrganizationId) -> Result<OrganizationRow, Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(organization_domains::refuse_member(by, organization));
    batch.push(organization_domains::refuse_closed(by, organization));
    batch.extend(memberships::insert_caller_as_member(by, organization, now));
    batch.audit(&Change {
        organization: Some(organization),
        facts: r#"{"by":"domain"}"#,
        ..Change::new("account.join", "account", OWN_ACCOUNT)
    })?;
    let found = batch.push(organizations::get_for_caller(by, Some(organization)));
    let refused = |name: &str| match name {
        refusal::MEMBER => Some(Refusal::Conflict {
            resource: "organization",
            description: "The account belongs to this organization already.",
        }),
        refusal::CLOSED => Some(not_found(Some(organization))),
        _ => None,
    };
    let outcome = batch.run(refused).await?;
    present(outcome.first(found)?)
}
