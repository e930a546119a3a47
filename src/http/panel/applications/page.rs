//! An application's screen as an answer.

use axum::response::Response;

use crate::domain::client::ClientId;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Application, ApplicationFields, ScopePicker, Secret};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::http::panel::scopes::boxes;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::panel::Screen;
use crate::usecase::panel::application::read;

/// What the screen shows besides what is stored.
#[derive(Default)]
pub(super) struct Shown<'a> {
    /// Settings that were refused.
    pub settings: Option<&'a Form>,
    /// Scopes that were refused.
    pub scopes: Option<&'a Form>,
    /// Made just now.
    pub secret: Option<Secret<'a>>,
}

impl<'a> Shown<'a> {
    /// A new application, with its secret if it has one.
    pub fn registered(text: Option<&'a str>) -> Self {
        Self { secret: Some(Secret { text, registered: true }), ..Self::default() }
    }

    /// A new secret.
    pub fn secret(text: &'a str) -> Self {
        Self { secret: Some(Secret { text: Some(text), registered: false }), ..Self::default() }
    }
}

/// Its address.
pub(super) fn path(id: &ClientId) -> String {
    format!("/panel/applications/{id}")
}

/// The screen as of now.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    id: &ClientId,
    said: &Said,
    shown: &Shown<'_>,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller, id).await?;
    let around = Around::of(call, caller, &data.viewer, &path(id))?;
    let client = &data.client;
    let redirect_uris = client.redirect_uris.join("\n");
    let text = |name, stored| shown.settings.map_or(stored, |form| form.text(name));
    let screen = Application {
        frame: around.frame(),
        panel: around.panel(Screen::Application, said),
        id: &id.to_string(),
        name: &client.name,
        confidential: client.r#type == "server_side_app",
        fields: ApplicationFields {
            name: text("name", &client.name),
            r#type: text("type", &client.r#type),
            visibility: text("visibility", &client.visibility),
            redirect_uris: text("redirect_uris", &redirect_uris),
            configuration_uri: text("configuration_uri", client.configuration_uri.as_deref().unwrap_or_default()),
            scopes: ScopePicker { boxes: &boxes(&data.scopes, &client.scopes, shown.scopes), with_required: true },
        },
        secret: shown.secret,
    };
    respond(said.status, &screen, Csp::Own)
}
