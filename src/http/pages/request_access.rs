//! Request access: `POST /access` with `form` and `decision`, which is `request` or `other_organization`.

use askama::Template;

use super::frame::Frame;
use super::texts::Phrase;

/// Where the request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccessRequest {
    /// It can be made.
    Ask,
    /// It was made just now.
    Sent,
    /// It was made before and waits.
    AlreadyAsked,
    /// It cannot be made: an administrator suspended the person.
    Suspended,
}

/// The account has no role in the product.
#[derive(Template)]
#[template(path = "request_access.html")]
pub struct RequestAccess<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The product's name.
    pub product: &'a str,
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// Where the request stands.
    pub state: AccessRequest,
    /// Whether there is another organization to choose.
    pub other_organization: bool,
}

impl RequestAccess<'_> {
    fn lead(&self) -> &'static Phrase {
        match self.state {
            AccessRequest::Suspended => &self.frame.t().access.suspended_lead,
            _ => &self.frame.t().access.lead,
        }
    }
}
