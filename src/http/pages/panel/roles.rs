//! Roles: `GET /panel/roles`; `POST /panel/roles` with `product`, `name` and `scope` (once for each that is ticked).

use askama::Template;

use super::super::frame::Frame;
use super::scopes::ScopePicker;
use super::{Field, Panel};

/// A role.
#[derive(Clone, Debug)]
pub struct RoleLine {
    /// `role_id`
    pub id: String,
    /// Whose role.
    pub product: String,
    /// Name within the product.
    pub role: String,
    /// `primary`, `secondary` or `custom`.
    pub r#type: String,
    /// Whether it is the catalogue's.
    pub predefined: bool,
}

/// What a role is made of.
#[derive(Clone, Copy, Debug)]
pub struct RoleFields<'a> {
    /// `name`
    pub name: &'a str,
    /// `product`
    pub product: &'a str,
    /// `scope`
    pub scopes: ScopePicker<'a>,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/roles.html")]
pub struct Roles<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// The organization's own.
    pub own: &'a [RoleLine],
    /// The catalogue's.
    pub predefined: &'a [RoleLine],
    /// Products that a new role may be of.
    pub products: &'a [String],
    /// The new role's form, if the person may make one.
    pub new: Option<RoleFields<'a>>,
}

impl Roles<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.roles
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    /// After a problem with it the form is open, so that the problem's link leads somewhere.
    fn form_is_open(&self) -> bool {
        self.panel.problems.iter().any(|problem| problem.field().is_some())
    }
}

impl RoleLine {
    fn words(&self, frame: &Frame<'_>) -> String {
        super::role_words(frame, &self.role, self.predefined).to_owned()
    }

    fn kind(&self, frame: &Frame<'_>) -> &'static str {
        let t = &frame.t().panel_roles;
        match self.r#type.as_str() {
            "primary" => t.kind_primary,
            "secondary" => t.kind_secondary,
            _ => t.kind_custom,
        }
    }
}
