//! One member: `GET /panel/people/{account_id}`. Each change is a POST of its own below that path:
//!
//! | path | further fields |
//! |---|---|
//! | `roles` | `role` (an id, `product/role`, or `-id` for a role to take), `held` (every role that the page showed), `box` (a custom role that is offered) |
//! | `suspension` | `product`, `suspended` (`true`, `false`) |
//! | `password` | `password` |
//! | `ownership` | `current_password` or `current_code` |
//! | `remove` | |

use askama::Template;

use super::super::frame::Frame;
use super::people::PersonLine;
use super::{Field, Panel};
use crate::domain::time::Timestamp;

/// One choice of a product's role.
#[derive(Clone, Debug)]
pub struct RoleOption {
    /// As the form sends it.
    pub value: String,
    /// Name of a role; empty for none.
    pub role: String,
    /// Chosen.
    pub chosen: bool,
}

/// The primary role, or that of one product.
#[derive(Clone, Debug)]
pub struct RoleChoice {
    /// Whose roles.
    pub product: String,
    /// What it can be; empty where it cannot be changed.
    pub options: Vec<RoleOption>,
    /// What it is now; empty for none.
    pub now: String,
    /// What older interfaces call it, where that differs.
    pub legacy: Option<&'static str>,
}

/// A role that comes beside the others.
#[derive(Clone, Debug)]
pub struct CustomRole {
    /// `role_id`
    pub id: String,
    /// Whose role.
    pub product: String,
    /// Name within the product.
    pub role: String,
    /// Whether it is the catalogue's.
    pub predefined: bool,
    /// Held, or ticked when the form is shown again.
    pub ticked: bool,
}

/// How the member stands with a product, or with the organization as a whole (`Accounts`).
#[derive(Clone, Debug)]
pub struct Access {
    /// The product.
    pub product: String,
    /// Whether the member is suspended from it.
    pub suspended: bool,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/person.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the screen that is there or not")]
pub struct Person<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// Who.
    pub member: &'a PersonLine,
    /// Has a second factor.
    pub mfa: bool,
    /// Whether the address was proven.
    pub verified: bool,
    /// Member since.
    pub since: Timestamp,
    /// Whether roles are shown at all.
    pub shows_roles: bool,
    /// The primary role, then one of each product.
    pub choices: &'a [RoleChoice],
    /// Custom roles that can be given, and those that are held.
    pub custom: &'a [CustomRole],
    /// Every role that is held now.
    pub held: &'a [String],
    /// Whether roles can be changed.
    pub can_set_roles: bool,
    /// Where the member can be suspended; empty where nothing can be changed.
    pub access: &'a [Access],
    /// Whether a password can be set.
    pub can_set_password: bool,
    /// Whether the organization can be given to this member.
    pub can_transfer: bool,
    /// Whether the member can be taken out.
    pub can_remove: bool,
    /// Whether the audit log can be looked into.
    pub can_audit: bool,
}

impl Person<'_> {
    fn title(&self) -> &str {
        &self.member.name
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    /// The path of one of the forms.
    fn form_url(&self, verb: &str) -> String {
        self.frame.url(&format!("/panel/people/{}/{verb}", self.member.id))
    }

    fn product<'r>(&self, choice: &'r RoleChoice) -> &'r str
    where
        'static: 'r,
    {
        match choice.product.as_str() {
            "Accounts" => self.frame.t().person.organization_role,
            product => product,
        }
    }

    fn role<'r>(&self, role: &'r str) -> &'r str
    where
        'static: 'r,
    {
        super::role_words(&self.frame, role, true)
    }

    fn option(&self, option: &RoleOption) -> String {
        match (option.value.as_str(), option.role.as_str()) {
            ("LiveChat/viceowner", _) => self.frame.t().person.role_viceowner.to_owned(),
            (_, "") => self.frame.t().person.no_role.to_owned(),
            (_, role) => self.role(role).to_owned(),
        }
    }

    fn custom_words<'r>(&self, custom: &'r CustomRole) -> &'r str
    where
        'static: 'r,
    {
        super::role_words(&self.frame, &custom.role, custom.predefined)
    }
}
