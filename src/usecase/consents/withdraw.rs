//! A person takes back what an application was allowed.

use crate::app::App;
use crate::domain::client::ClientId;
use crate::domain::id::OrganizationId;
use crate::store::audit::Change;
use crate::store::{access_tokens, authorization_codes, consents, refresh_families};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

const UNKNOWN: &str = "consent_unknown";

/// In that organization the application's codes and tokens for the person end at once, and it has to ask again. Only what the
/// caller's own account allowed; anything else is not found.
pub async fn withdraw(
    app: &App,
    caller: &Caller,
    organization: OrganizationId,
    client: &ClientId,
) -> Result<(), Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let (by, client) = (batch.token(), client.to_string());
    let client = client.as_str();
    batch.push(consents::refuse_unknown(by, organization, client, UNKNOWN));
    let change = Change::new("consent.withdraw", "client", client);
    batch.audit(&Change { organization: Some(organization), ..change })?;
    batch.push(authorization_codes::delete_of_member_and_client(by, organization, client, now));
    batch.push(refresh_families::revoke_of_member_and_client(by, organization, client, now));
    batch.push(access_tokens::delete_of_member_and_client(by, organization, client));
    batch.push(consents::withdraw(by, organization, client));
    let unknown = || Refusal::NotFound { resource: "consent", id: Some(client.to_owned()) };
    batch.run(|name| (name == UNKNOWN).then(unknown)).await.map(drop)
}
