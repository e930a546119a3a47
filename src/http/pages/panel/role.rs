//! One role: `GET /panel/roles/{role_id}`; `POST` there with `name` and `scope`, `POST .../delete`.

use askama::Template;

use super::super::frame::Frame;
use super::roles::RoleFields;
use super::{Field, Panel};

/// The screen.
#[derive(Template)]
#[template(path = "panel/role.html")]
pub struct Role<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// `role_id`
    pub id: &'a str,
    /// What it is called now.
    pub role: &'a str,
    /// Whether it is the catalogue's, which nobody changes.
    pub predefined: bool,
    /// What it is made of; where it cannot be changed, the ticked scopes are told.
    pub fields: RoleFields<'a>,
    /// Whether the person may change it.
    pub can_change: bool,
}

impl Role<'_> {
    fn title(&self) -> &str {
        super::role_words(&self.frame, self.role, self.predefined)
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    fn form_url(&self, verb: &str) -> String {
        self.frame.url(&format!("/panel/roles/{}{verb}", self.id))
    }
}
