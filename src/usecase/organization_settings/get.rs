//! A member's picture.

use super::address;
use crate::app::App;
use crate::domain::id::{AccountId, OrganizationId};
use crate::store::{member_avatars, memberships};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, accounts, organizations};

/// Its address, if the member of the caller's organization has one there; `None` are the caller and that organization.
pub async fn get(
    app: &App,
    caller: &Caller,
    account: Option<AccountId>,
    organization: Option<OrganizationId>,
) -> Result<Option<String>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, account);
    organizations::guard_own(&mut batch, organization);
    batch.push(memberships::refuse_unknown(batch.token(), account));
    let found = batch.push(member_avatars::find_for_caller(batch.token(), account));
    let refused = |name: &str| accounts::refused(name, account).or_else(|| organizations::refusal(name, organization));
    let outcome = batch.run(refused).await?;
    Ok(outcome.first(found)?.map(|avatar| address(app, avatar)))
}
