//! Where a sign-in without an application leads: the organization's products.
//! Another organization: `POST /organization` with `form` and `organization_id`.

use askama::Template;

use super::choose_organization::Organization;
use super::frame::Frame;

/// A product with its address.
#[derive(Clone, Copy, Debug)]
pub struct Product<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is; from the catalogue, `http` or `https`.
    pub launch_url: &'a str,
}

/// The products that the person can open.
#[derive(Template)]
#[template(path = "products.html")]
pub struct Products<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// Its products with a launch URL.
    pub products: &'a [Product<'a>],
    /// The account's other organizations.
    pub organizations: &'a [Organization<'a>],
}
