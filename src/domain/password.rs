//! Passwords: what may be one, and how one is kept.

mod common;
pub mod hash;

use std::fmt;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Fewest code points, after NFC (API, Account schema).
pub const MIN_LENGTH: usize = 8;
/// Fewest code points in the strict profile, where a password may be the only factor (NIST SP 800-63B-4, 3.1.1.2).
pub const STRICT_MIN_LENGTH: usize = 15;
/// Most code points, after NFC. Every one of them is hashed.
pub const MAX_LENGTH: usize = 255;

/// A password in clear, in NFC. It has no `Display`, and its `Debug` shows nothing.
pub struct Password(String);

/// Why a text may not be a password. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPassword {
    /// Fewer than [`MIN_LENGTH`] code points, or the profile's own minimum.
    #[error("value too short")]
    TooShort,
    /// More than [`MAX_LENGTH`] code points.
    #[error("value too long")]
    TooLong,
    /// On the list of passwords that everybody tries first (NIST SP 800-63B-4, 3.1.1.2).
    #[error("password is too common")]
    Common,
}

impl Password {
    /// A new password: `minimum`..255 code points, not a common one. No trimming, no composition rules.
    pub fn choose(text: &str, minimum: usize) -> Result<Self, InvalidPassword> {
        let password = Self::given(text);
        let length = password.0.chars().count();
        match length {
            _ if length < minimum.max(MIN_LENGTH) => Err(InvalidPassword::TooShort),
            _ if length > MAX_LENGTH => Err(InvalidPassword::TooLong),
            _ if common::is_common(&password.0) => Err(InvalidPassword::Common),
            _ => Ok(password),
        }
    }

    /// A password to be compared with a stored one; any length, because a wrong guess has no rules.
    pub fn given(text: &str) -> Self {
        Self(ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned())
    }

    fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::{InvalidPassword, Password};

    fn refusal(text: &str) -> Option<InvalidPassword> {
        Password::choose(text, 8).err()
    }

    #[test]
    fn p1_length_is_counted_in_code_points_after_nfc() {
        assert_eq!(refusal(&"k\u{f6}".repeat(3)), Some(InvalidPassword::TooShort));
        assert_eq!(refusal(&"e\u{301}".repeat(7)), Some(InvalidPassword::TooShort));
        assert_eq!(refusal(&"\u{1f600}".repeat(8)), None);
        assert_eq!(refusal(&"\u{1f600}".repeat(255)), None);
        assert_eq!(refusal(&"\u{1f600}".repeat(256)), Some(InvalidPassword::TooLong));
        assert_eq!(Password::choose("fourteen chars", 15).err(), Some(InvalidPassword::TooShort));
    }

    #[test]
    fn p3_no_composition_rules_and_p4_no_common_passwords() {
        assert_eq!(refusal("BG0SaleEBL"), None);
        assert_eq!(refusal("        "), None);
        for common in ["password", "Password1", "12345678", "QWERTYUIOP"] {
            assert_eq!(refusal(common), Some(InvalidPassword::Common), "{common}");
        }
    }

    #[test]
    fn a_password_is_never_printed() {
        assert_eq!(format!("{:?}", Password::given("BG0SaleEBL")), "Password(..)");
    }
}
