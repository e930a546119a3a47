//! An organization changes an application.

use serde_json::{Map, Value, json};

use super::{guard_own, refused};
use crate::app::App;
use crate::domain::client::{ClientId, ClientType, Visibility};
use crate::oauth::client_secret;
use crate::oauth::digest::Digest;
use crate::oauth::redirect_uri::RedirectUri;
use crate::store::audit::Change;
use crate::store::clients::{self, ChangedClient, SecretTaken, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, InvalidFields, Refusal};

/// What is asked about the secret. It is always of our making.
pub enum SecretWish {
    /// A new one; the present one is void at once.
    Rotate,
    /// The present one, as its holder wrote it: no change. Any other is refused.
    Keep(Digest),
}

/// What is asked for; `None` stays as it is.
#[derive(Default)]
pub struct Changes {
    /// Shown to people.
    pub name: Option<String>,
    /// Confidential or public. One that becomes confidential gets a secret, one that becomes public loses it.
    pub r#type: Option<ClientType>,
    /// For whom.
    pub visibility: Option<Visibility>,
    /// Where its settings are; `Some(None)`: nowhere.
    pub configuration_uri: Option<Option<String>>,
    /// Where sign-in may lead: these and no others.
    pub redirect_uris: Option<Vec<RedirectUri>>,
    /// About the secret.
    pub secret: Option<SecretWish>,
}

/// Changes it, and gives the text of a new secret if it has one now. Shown once. A change of type or visibility ends the
/// client's tokens.
pub async fn update(app: &App, caller: &Caller, id: &ClientId, changes: &Changes) -> Result<Option<String>, Failure> {
    let secret = client_secret::mint(&app.random()?);
    let client = ChangedClient {
        name: changes.name.as_deref(),
        r#type: changes.r#type,
        visibility: changes.visibility,
        configuration_uri: changes.configuration_uri.as_ref().map(Option::as_deref),
        secret: &secret.digest,
        rotate: matches!(changes.secret, Some(SecretWish::Rotate)),
    };
    let (target, after) = (id.to_string(), written(changes));
    let facts = json!({"fields": after.keys().collect::<Vec<_>>(), "secret": client.rotate.then_some("rotated")});
    let (facts, after) = (facts.to_string(), Value::Object(after).to_string());

    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    guard_own(&mut batch, id);
    match &changes.secret {
        Some(SecretWish::Rotate) => {
            batch.push(clients::refuse_public(by, id, changes.r#type));
        }
        Some(SecretWish::Keep(secret)) => {
            batch.push(clients::refuse_foreign_secret(by, id, secret));
        }
        None => {}
    }
    let change = Change::new("client.update", "client", &target);
    batch.audit(&Change { facts: &facts, before: clients::BEFORE, after: &after, ..change })?;
    let taken = batch.push(clients::update_for_caller(by, id, &client, app.now()));
    if let Some(uris) = &changes.redirect_uris {
        batch.extend(clients::set_redirect_uris(id, uris));
    }

    let outcome = batch
        .run(|name| match name {
            refusal::PUBLIC => Some(invalid_secret("a javascript_app has none")),
            refusal::FOREIGN_SECRET => Some(invalid_secret(
                "not the present secret; a secret is never chosen by a caller, send true for a new one",
            )),
            other => refused(other, id),
        })
        .await?;
    let taken = outcome.first(taken)?.is_some_and(|row: SecretTaken| row.taken);
    Ok(taken.then_some(secret.text))
}

fn invalid_secret(problem: &str) -> Refusal {
    Refusal::Invalid(InvalidFields::from([("secret".to_owned(), problem.to_owned())]))
}

/// The fields that are spoken of; never the secret.
fn written(changes: &Changes) -> Map<String, Value> {
    let uris = |uris: &Vec<RedirectUri>| json!(uris.iter().map(RedirectUri::as_str).collect::<Vec<_>>());
    let fields = [
        ("name", changes.name.as_ref().map(|name| json!(name))),
        ("type", changes.r#type.map(|r#type| json!(r#type.as_str()))),
        ("visibility", changes.visibility.map(|visibility| json!(visibility.as_str()))),
        ("configuration_uri", changes.configuration_uri.as_ref().map(|uri| json!(uri))),
        ("redirect_uris", changes.redirect_uris.as_ref().map(uris)),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
