//! The members: `GET /panel` with `q`, the beginning of a name or an address, and `cursor`.

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel};

/// A role, as it is called.
#[derive(Clone, Debug)]
pub struct RoleName {
    /// Whose role.
    pub product: String,
    /// Name within the product.
    pub role: String,
    /// Whether it is the catalogue's.
    pub predefined: bool,
}

/// One member.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is told, or not")]
pub struct PersonLine {
    /// `account_id`
    pub id: String,
    /// The name; where there is none, the e-mail address again.
    pub name: String,
    /// Whether there is a name.
    pub named: bool,
    /// E-mail address.
    pub email: String,
    /// The primary role first; none for who may not see roles.
    pub roles: Vec<RoleName>,
    /// From the organization as a whole.
    pub suspended: bool,
    /// Products that the member is suspended from.
    pub suspended_from: Vec<String>,
    /// Has signed in to the organization.
    pub active: bool,
    /// Is the one who looks.
    pub own: bool,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/people.html")]
pub struct People<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// `q` as it was typed; empty for everybody.
    pub search: &'a str,
    /// One page of them.
    pub people: &'a [PersonLine],
    /// The address of the next page.
    pub next_url: Option<&'a str>,
    /// The address of the first page, on a later one.
    pub first_url: Option<&'a str>,
}

impl People<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.people
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }
}

impl RoleName {
    pub(super) fn words(&self, frame: &Frame<'_>) -> String {
        let role = super::role_words(frame, &self.role, self.predefined);
        match self.product.as_str() {
            "Accounts" => role.to_owned(),
            product => format!("{product}: {role}"),
        }
    }
}
