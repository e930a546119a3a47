//! Personal access tokens: what a member may ask for.

use std::collections::BTreeSet;
use std::time::Duration;

/// Longest name, in code points.
pub const MAX_NAME: usize = 191;
/// Longest life that a caller may write, in seconds: about a century. A deployment may set less.
pub const MAX_LIFETIME_SECONDS: u64 = 3_155_760_000;

/// What a member asks for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// 1 to [`MAX_NAME`] code points.
    pub name: String,
    /// Whether they exist, and whether the member has them, the database says.
    pub scopes: BTreeSet<String>,
    /// `None`: for good.
    pub lifetime: Option<Duration>,
}
