//! Product not activated: `POST /activate` with `form` and `decision`, which is `activate` or `other_organization`.

use askama::Template;

use super::frame::Frame;

/// The organization lacks the product.
#[derive(Template)]
#[template(path = "product_not_activated.html")]
pub struct ProductNotActivated<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The product's name.
    pub product: &'a str,
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// Whether this account may enable products.
    pub can_activate: bool,
    /// Whether there is another organization to choose.
    pub other_organization: bool,
}
