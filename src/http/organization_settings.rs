//! `/v2/accounts/{account_id}/organization_settings/{organization_id}`.

pub(super) mod get;
pub(super) mod update;

use serde::Serialize;

use super::call::Call;
use super::organizations;
use crate::domain::id::{AccountId, OrganizationId};
use crate::usecase::Failure;

/// What a member is in one organization (API, section 1.2).
#[derive(Serialize)]
struct Settings {
    avatar_url: Option<String>,
}

/// Whose settings, and where; `None` is the caller's own.
fn target(call: &Call) -> Result<(Option<AccountId>, Option<OrganizationId>), Failure> {
    let account = call.target("account_id", &["me", "my"])?.id();
    Ok((account, organizations::target(call)?))
}
