//! Organizations: what their owner may set.

/// Longest name, in code points (API, Organization schema).
pub const MAX_NAME: usize = 127;
/// Longest telephone number, in code points.
pub const MAX_PHONE: usize = 20;

/// What a caller sets when an organization begins.
#[derive(Debug, Default)]
pub struct Details {
    /// May be empty; pages then show the id. At most [`MAX_NAME`] code points.
    pub name: String,
    /// At most [`MAX_PHONE`] code points.
    pub phone: Option<String>,
    /// A web address; see `address`.
    pub website: Option<String>,
}
