//! An organization registers an application.

use serde_json::json;

use super::{ClientRow, guard_scopes, refused};
use crate::app::App;
use crate::domain::client::{ClientId, ClientScope, ClientType, Visibility};
use crate::oauth::client_secret;
use crate::oauth::redirect_uri::RedirectUri;
use crate::store::audit::Change;
use crate::store::clients::{self, NewClient, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, present};

/// What is asked for.
pub struct Registration {
    /// Shown to people.
    pub name: String,
    /// Confidential or public.
    pub r#type: ClientType,
    /// For whom.
    pub visibility: Visibility,
    /// Where its settings are.
    pub configuration_uri: Option<String>,
    /// Where sign-in may lead.
    pub redirect_uris: Vec<RedirectUri>,
    /// What it asks people for.
    pub scopes: Vec<ClientScope>,
}

/// A new client.
pub struct Registered {
    /// As the list shows it.
    pub row: ClientRow,
    /// The secret of a confidential one. Shown once.
    pub secret: Option<String>,
}

/// Registers it with a secret of our making, if it can keep one.
pub async fn create(app: &App, caller: &Caller, registration: &Registration) -> Result<Registered, Failure> {
    let now = app.now();
    let id = ClientId::from_bytes(app.random()?);
    let secret = match registration.r#type {
        ClientType::ServerSideApp => Some(client_secret::mint(&app.random()?)),
        ClientType::JavascriptApp => None,
    };
    let new = NewClient {
        id: &id,
        name: &registration.name,
        r#type: registration.r#type,
        visibility: registration.visibility,
        configuration_uri: registration.configuration_uri.as_deref(),
        secret: secret.as_ref().map(|secret| &secret.digest),
    };
    let (target, after) = (id.to_string(), after(registration));

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_scopes(&mut batch, &registration.scopes);
    batch.push(clients::refuse_too_many(by, app.config().limits.clients));
    batch.push(clients::insert_for_caller(by, &new, now));
    batch.extend(clients::set_redirect_uris(&id, &registration.redirect_uris));
    batch.push(clients::set_scopes(&id, &registration.scopes));
    batch.audit(&Change { after: &after, ..Change::new("client.create", "client", &target) })?;
    let found = batch.push(clients::get_for_caller(by, &id));

    let outcome = batch
        .run(|name| match name {
            refusal::TOO_MANY => Some(Refusal::Conflict {
                resource: "client",
                description: "The organization has as many clients as it may.",
            }),
            other => refused(other, &id),
        })
        .await?;
    Ok(Registered { row: present(outcome.first(found)?)?, secret: secret.map(|secret| secret.text) })
}

/// For the audit log; never the secret.
fn after(registration: &Registration) -> String {
    let uris: Vec<&str> = registration.redirect_uris.iter().map(RedirectUri::as_str).collect();
    json!({
        "name": registration.name,
        "type": registration.r#type.as_str(),
        "visibility": registration.visibility.as_str(),
        "configuration_uri": registration.configuration_uri,
        "redirect_uris": uris,
        "scopes": registration.scopes,
    })
    .to_string()
}
