//! What an application is registered with, as fields of a form.

use crate::domain::address::web_address;
use crate::domain::client::{ClientType, MAX_NAME, Visibility};
use crate::domain::text::{InvalidText, required};
use crate::http::forms::Form;
use crate::http::pages::panel::Problem;
use crate::oauth::redirect_uri::RedirectUri;
use crate::usecase::Refusal;

/// What the form says.
pub(super) struct Settings {
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
}

/// The settings, or everything that is wrong with them.
pub(super) fn read(form: &Form) -> Result<Settings, Vec<Problem>> {
    let name = required(form.text("name"), MAX_NAME).map_err(|error| match error {
        InvalidText::Empty => Problem::NameMissing,
        _ => Problem::NameInvalid,
    });
    let lines: Vec<&str> = form.text("redirect_uris").split_whitespace().collect();
    let redirect_uris = RedirectUri::parse_list(&lines.join(",")).map_err(|_| Problem::RedirectUrisInvalid);
    let configuration_uri = match form.text("configuration_uri").trim() {
        "" => Ok(None),
        text => web_address(text).map(Some).map_err(|_| Problem::ConfigurationUriInvalid),
    };
    // Choices: whatever is none of them did not come from the page.
    let r#type = form.text("type").parse().unwrap_or(ClientType::ServerSideApp);
    let visibility = form.text("visibility").parse().unwrap_or_default();
    match (name, redirect_uris, configuration_uri) {
        (Ok(name), Ok(redirect_uris), Ok(configuration_uri)) => {
            Ok(Settings { name, r#type, visibility, configuration_uri, redirect_uris })
        }
        (name, redirect_uris, configuration_uri) => {
            Err([name.err(), redirect_uris.err(), configuration_uri.err()].into_iter().flatten().collect())
        }
    }
}

/// What the database refused, in the words of the page. Who may not register applications does not see the page.
pub(super) fn problem(refusal: &Refusal) -> Option<Problem> {
    match refusal {
        Refusal::InsufficientScope(_) => Some(Problem::ScopeAbove),
        Refusal::Invalid(_) => Some(Problem::ScopeMissing),
        Refusal::Conflict { .. } => Some(Problem::TooManyApplications),
        _ => None,
    }
}
