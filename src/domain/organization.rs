//! Organizations: what their owner may set.

use super::invitation::Mode;

/// Longest name, in code points (API, Organization schema).
pub const MAX_NAME: usize = 127;
/// Longest telephone number, in code points.
pub const MAX_PHONE: usize = 20;

/// What a caller writes of an organization. `None` says nothing: a new organization goes without, an existing one keeps
/// what it has. `Some(None)` takes the value away.
#[derive(Debug, Default)]
pub struct Details {
    /// May be empty; pages then show the id. At most [`MAX_NAME`] code points.
    pub name: Option<String>,
    /// At most [`MAX_PHONE`] code points.
    pub phone: Option<Option<String>>,
    /// A web address; see `address`.
    pub website: Option<Option<String>>,
    /// Who may invite; a new organization is lax.
    pub invitation_mode: Option<Mode>,
}

impl Details {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.phone.is_none() && self.website.is_none() && self.invitation_mode.is_none()
    }
}
