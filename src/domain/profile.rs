//! How far the vendor's clients are followed.

use crate::domain::password;

/// How far compatibility with the vendor's clients goes before current security practice wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// The default: every published client package works unchanged.
    Compatible,
    /// Current practice throughout; see `ARCHITECTURE.md` for what differs.
    Strict,
}

impl Profile {
    /// Fewest code points of a new password.
    pub fn min_password_length(self) -> usize {
        match self {
            Self::Compatible => password::MIN_LENGTH,
            Self::Strict => password::STRICT_MIN_LENGTH,
        }
    }
}
