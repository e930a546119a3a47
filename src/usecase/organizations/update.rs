//! The owner changes the organization.

use serde_json::{Map, Value, json};

use super::{OrganizationRow, guard_own, refusal};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::domain::organization::Details;
use crate::store::audit::{Change, OWN_ORGANIZATION};
use crate::store::organizations;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, present};

/// Only the organization in which the caller acts (`None`); any other is not found. Nothing said changes nothing and
/// leaves no trace.
pub async fn update(
    app: &App,
    caller: &Caller,
    organization: Option<OrganizationId>,
    details: &Details,
) -> Result<OrganizationRow, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard_own(&mut batch, organization);
    if !details.is_empty() {
        let after = written(details);
        let facts = json!({"fields": after.keys().collect::<Vec<_>>()}).to_string();
        let (before, after) = (organizations::BEFORE, Value::Object(after).to_string());
        let change = Change::new("organization.update", "organization", OWN_ORGANIZATION);
        batch.audit(&Change { facts: &facts, before, after: &after, ..change })?;
        batch.push(organizations::update_for_caller(batch.token(), details, app.now()));
    }
    let found = batch.push(organizations::get_for_caller(batch.token(), None));
    let outcome = batch.run(|name| refusal(name, organization)).await?;
    present(outcome.first(found)?)
}

/// The fields that are spoken of, by their dotted paths.
fn written(details: &Details) -> Map<String, Value> {
    let fields = [
        ("name", details.name.as_ref().map(|name| json!(name))),
        ("company.phone", details.phone.as_ref().map(|phone| json!(phone))),
        ("company.website", details.website.as_ref().map(|website| json!(website))),
        ("invitation_mode", details.invitation_mode.map(|mode| json!(mode.name()))),
    ];
    fields.into_iter().filter_map(|(path, value)| Some((path.to_owned(), value?))).collect()
}
