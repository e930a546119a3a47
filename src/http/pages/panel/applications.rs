//! Applications: `GET /panel/applications`; `POST /panel/applications` with `name`, `type`, `visibility`,
//! `redirect_uris` (one a line), `configuration_uri`, `scope` and `required` (once for each that is ticked).

use askama::Template;

use super::super::frame::Frame;
use super::scopes::ScopePicker;
use super::{Field, Panel};

/// An application.
#[derive(Clone, Debug)]
pub struct ApplicationLine {
    /// `client_id`
    pub id: String,
    /// Its name.
    pub name: String,
    /// `server_side_app` or `javascript_app`.
    pub r#type: String,
    /// `private` or `public`.
    pub visibility: String,
}

/// What an application is registered with.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationFields<'a> {
    /// `name`
    pub name: &'a str,
    /// `type`
    pub r#type: &'a str,
    /// `visibility`
    pub visibility: &'a str,
    /// `redirect_uris`
    pub redirect_uris: &'a str,
    /// `configuration_uri`
    pub configuration_uri: &'a str,
    /// `scope`, `required`
    pub scopes: ScopePicker<'a>,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/applications.html")]
pub struct Applications<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// One page of them.
    pub applications: &'a [ApplicationLine],
    /// The address of the next page.
    pub next_url: Option<&'a str>,
    /// The new application's form.
    pub fields: ApplicationFields<'a>,
}

impl Applications<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.applications
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    /// After a problem with it the form is open, so that the problem's link leads somewhere.
    fn form_is_open(&self) -> bool {
        self.panel.problems.iter().any(|problem| problem.field().is_some())
    }
}

impl ApplicationLine {
    fn kind(&self, frame: &Frame<'_>) -> &'static str {
        let t = &frame.t().panel_applications;
        match self.r#type.as_str() {
            "server_side_app" => t.type_server,
            _ => t.type_javascript,
        }
    }

    fn audience(&self, frame: &Frame<'_>) -> &'static str {
        let t = &frame.t().panel_applications;
        match self.visibility.as_str() {
            "public" => t.visibility_public,
            _ => t.visibility_private,
        }
    }
}
