//! The organization's details: `GET /panel/organization`; `POST` there with `name`, `phone`, `website`.

use askama::Template;

use super::super::frame::Frame;
use super::{Field, Panel};

/// What is stored, or was written and refused.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationFields<'a> {
    /// `name`
    pub name: &'a str,
    /// `phone`
    pub phone: &'a str,
    /// `website`
    pub website: &'a str,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/organization.html")]
pub struct Organization<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Around it, too.
    pub panel: Panel<'a>,
    /// `organization_id`
    pub id: &'a str,
    /// Its details.
    pub fields: OrganizationFields<'a>,
    /// Whether the person may change them.
    pub can_change: bool,
}

impl Organization<'_> {
    fn title(&self) -> &str {
        self.frame.t().panel.organization
    }

    fn min(&self) -> usize {
        self.panel.min_password
    }
}
