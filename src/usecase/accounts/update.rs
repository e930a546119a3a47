//! What a person is called and where a sign-in leads.

use serde::Serialize;

use super::member::{audit_target, invalid};
use super::{SeenAccount, member, role_changes, seen_by};
use crate::app::App;
use crate::authz::granting::ALL_ROLES;
use crate::domain::id::{AccountId, OrganizationId};
use crate::domain::role::RoleChanges;
use crate::store::accounts::changes::{self, refusal};
use crate::store::audit::Change;
use crate::store::{accounts, memberships};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Fault, Refusal, present};

/// The fields to change: an absent one stays, `Some(None)` empties it.
#[derive(Debug, Default, Serialize)]
pub struct Profile {
    /// May be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Shown, never fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<Option<String>>,
    /// A product of the catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_product: Option<Option<String>>,
    /// An organization of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_organization_id: Option<Option<OrganizationId>>,
}

/// Changes an account of the caller's organization; `None` is the caller (`me`).
///
/// Roles that are given are set as by `PUT .../roles`, for which the token needs [`ALL_ROLES`] besides.
pub async fn update(
    app: &App,
    caller: &Caller,
    account: Option<AccountId>,
    profile: &Profile,
    roles: &RoleChanges,
) -> Result<SeenAccount, Failure> {
    let (json, now) = (json(profile)?, app.now());
    let mut batch = AuthorizedBatch::new(app, caller, account);
    if !roles.is_empty() {
        batch.demand(&[ALL_ROLES]);
    }
    batch.push(memberships::refuse_unknown(batch.token(), account));
    batch.push(memberships::refuse_above(batch.token(), account));
    role_changes::check(&mut batch, account, roles);
    if let Some(Some(product)) = &profile.default_product {
        batch.push(changes::refuse_unknown_default_product(product));
    }
    if let Some(Some(organization)) = profile.default_organization_id {
        batch.push(changes::refuse_foreign_default_organization(batch.token(), account, organization));
    }
    batch.push(changes::touch(batch.token(), account, &json, now));
    batch.audit(&Change {
        facts: &facts(profile),
        after: &json,
        before: changes::PROFILE_BEFORE,
        only_if_changed: true,
        ..Change::new("account.update", "account", &audit_target(account))
    })?;
    batch.push(changes::update(batch.token(), account, &json));
    role_changes::write(&mut batch, account, roles, now)?;
    let found = batch.push(accounts::get_for_caller(batch.token(), account));
    let refused = |name: &str| {
        member::refused(name, account).or_else(|| role_changes::refused(name, roles)).or_else(|| invalid_default(name))
    };
    let outcome = batch.run(refused).await?;
    Ok(seen_by(app, &outcome.principal)(present(outcome.first(found)?)?))
}

pub(super) fn invalid_default(name: &str) -> Option<Refusal> {
    match name {
        refusal::DEFAULT_PRODUCT => Some(invalid("default_product", "unknown product")),
        refusal::DEFAULT_ORGANIZATION => Some(invalid("default_organization_id", "not an organization of the account")),
        _ => None,
    }
}

/// Which fields were given, by name.
fn facts(profile: &Profile) -> String {
    let given = [
        ("name", profile.name.is_some()),
        ("avatar_url", profile.avatar_url.is_some()),
        ("default_product", profile.default_product.is_some()),
        ("default_organization_id", profile.default_organization_id.is_some()),
    ];
    let fields: Vec<&str> = given.into_iter().filter(|(_, given)| *given).map(|(name, _)| name).collect();
    serde_json::json!({ "fields": fields }).to_string()
}

fn json(profile: &Profile) -> Result<String, Failure> {
    serde_json::to_string(profile).map_err(|error| Fault::Internal(format!("profile: {error}")).into())
}
