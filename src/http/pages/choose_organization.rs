//! Organization choice: `POST /organization` with `form` and `organization_id`, one button each.

use askama::Template;

use super::frame::Frame;

/// One organization to choose.
#[derive(Clone, Copy, Debug)]
pub struct Organization<'a> {
    /// `organization_id`
    pub id: &'a str,
    /// Its name, or its id where the name is empty.
    pub title: &'a str,
    /// The products it has.
    pub products: &'a [&'a str],
    /// Only expired or cancelled products.
    pub inactive: bool,
}

/// Which organization the person signs in to. The caller decides the order: the last choice first, inactive ones last.
#[derive(Template)]
#[template(path = "choose_organization.html")]
pub struct ChooseOrganization<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The application that asked, by name.
    pub application: Option<&'a str>,
    /// The choices.
    pub organizations: &'a [Organization<'a>],
}
