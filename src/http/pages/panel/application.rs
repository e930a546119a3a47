//! One application: `GET /panel/applications/{client_id}`. Each change is a POST of its own:
//!
//! | path | further fields |
//! |---|---|
//! | (the same) | `name`, `type`, `visibility`, `redirect_uris`, `configuration_uri` |
//! | `/scopes` | `scope`, `required` |
//! | `/secret` | |
//! | `/delete` | |

use askama::Template;

use super::super::frame::Frame;
use super::applications::ApplicationFields;
use super::{Field, Panel};

/// A secret's text, once.
#[derive(Clone, Copy)]
pub struct Secret<'a> {
    /// The text; `None` for an application that has none.
    pub text: Option<&'a str>,
    /// Whether the application was registered just now.
    pub registered: bool,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/application.html")]
pub struct Application<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// `client_id`
    pub id: &'a str,
    /// What it is called now.
    pub name: &'a str,
    /// Whether it can keep a secret.
    pub confidential: bool,
    /// What it is registered with.
    pub fields: ApplicationFields<'a>,
    /// What was made just now, shown once.
    pub secret: Option<Secret<'a>>,
}

impl Application<'_> {
    fn title(&self) -> &str {
        self.name
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    fn form_url(&self, verb: &str) -> String {
        self.frame.url(&format!("/panel/applications/{}{verb}", self.id))
    }
}
