//! The organization's details: `GET /panel/organization`; `POST` there with `name`, `phone`, `website`,
//! `invitation_mode`; `POST /panel/organization/second_factor` with `required_on` (a day) or the button `end` as `yes`,
//! and `demand_password` or `demand_code`; `POST /panel/organization/delete` with `organization_id` (once more) and `current_password` or `current_code`.

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel};
use crate::domain::time::Timestamp;

/// What is stored, or was written and refused.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationFields<'a> {
    /// `name`
    pub name: &'a str,
    /// `phone`
    pub phone: &'a str,
    /// `website`
    pub website: &'a str,
    /// `invitation_mode` is `strict`
    pub strict: bool,
}

/// Whether members need a second factor.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'a> {
    /// From when on; `None`: they need none.
    pub required_at: Option<Timestamp>,
    /// Whether the person may change it.
    pub can_change: bool,
    /// The first `required_on` that is taken.
    pub first_day: &'a str,
    /// `required_on`: the present one, a suggestion, or what was written and refused.
    pub day: &'a str,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/organization.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the screen that is there or not")]
pub struct Organization<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// `organization_id`
    pub id: &'a str,
    /// Its details.
    pub fields: OrganizationFields<'a>,
    /// Whether members need a second factor.
    pub demand: Demand<'a>,
    /// Whether the person may change the details.
    pub can_change: bool,
    /// Whether the person may see and change its domains.
    pub domains: bool,
    /// Whether the person may merge it with another.
    pub merge: bool,
    /// Whether the person may end it.
    pub can_delete: bool,
    /// Its id as it was repeated and refused.
    pub repeated: &'a str,
}

impl Organization<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.organization
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }

    /// After a problem with it the form is open, so that the problem's link leads somewhere.
    fn deletion_is_open(&self) -> bool {
        [Field::OrganizationId, Field::CurrentPassword, Field::CurrentCode]
            .iter()
            .any(|field| self.panel.at(*field).is_some())
    }
}
