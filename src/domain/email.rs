//! E-mail addresses: syntax, and the one normal form in which they are unique.

use email_address::{EmailAddress, Options};
use icu_normalizer::ComposingNormalizerBorrowed;

use super::text::is_forbidden;

/// Longest address, in code points (API, Account schema).
pub const MAX_LENGTH: usize = 128;

/// An address that can receive mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    written: String,
    key: String,
}

/// Why a text is not an address. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEmail {
    /// More than [`MAX_LENGTH`] code points.
    #[error("value too long")]
    TooLong,
    /// Not `local@domain` of RFC 5321 with a dotted domain name.
    #[error("invalid email format")]
    Format,
}

impl Email {
    /// Parses one address: no display name, no address literal, no quoted local part, a dotted domain.
    ///
    /// A local part whose NFKC form differs (full-width letters, the Kelvin sign) is refused rather than merged
    /// with its look-alike.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        if text.chars().count() > MAX_LENGTH {
            return Err(InvalidEmail::TooLong);
        }
        let options = Options::default().with_required_tld().without_domain_literal().without_display_text();
        let address = EmailAddress::parse_with_options(text, options).map_err(|_| InvalidEmail::Format)?;
        let local = address.local_part();
        let stable = ComposingNormalizerBorrowed::new_nfkc().normalize(local) == local;
        if !stable || local.starts_with('"') || text.chars().any(|c| is_forbidden(c) || c.is_whitespace()) {
            return Err(InvalidEmail::Format);
        }
        let domain = idna::domain_to_ascii_strict(address.domain()).map_err(|_| InvalidEmail::Format)?;
        if !domain.contains('.') {
            return Err(InvalidEmail::Format);
        }
        Ok(Self { key: format!("{}@{domain}", local.to_ascii_lowercase()), written: text.to_owned() })
    }

    /// The address as the person wrote it; mail goes here.
    pub fn as_written(&self) -> &str {
        &self.written
    }

    /// The normal form: ASCII letters in lower case, the domain in its IDNA form. A `+tag` stays distinct.
    pub fn key(&self) -> &str {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::{Email, InvalidEmail};

    fn key(text: &str) -> Result<String, InvalidEmail> {
        Email::parse(text).map(|email| email.key().to_owned())
    }

    #[test]
    fn z9_addresses_that_are_one_have_one_key() {
        let same = [("John@Example.COM", "john@example.com"), ("a@B\u{fc}cher.de", "a@xn--bcher-kva.de")];
        for (text, expected) in same {
            assert_eq!(key(text).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(Email::parse("John@Example.COM").map(|e| e.as_written().to_owned()), Ok("John@Example.COM".into()));
    }

    #[test]
    fn z9_addresses_that_differ_stay_apart() {
        assert_ne!(key("john+a@example.com"), key("john@example.com"));
        assert_ne!(key("j.ohn@example.com"), key("john@example.com"));
        assert_ne!(key("\u{130}da@example.com"), key("ida@example.com"));
    }

    #[test]
    fn z9_z10_what_is_not_one_address_is_refused() {
        let refused = [
            "",
            "john",
            "john@",
            "@example.com",
            "john@example",
            "John <john@example.com>",
            "john@[127.0.0.1]",
            "\"john doe\"@example.com",
            "john@example.com\r\nBcc: x@example.com",
            "john@exa mple.com",
            "a@b@c.com",
            "\u{ff4a}ohn@example.com",
            "\u{212a}im@example.com",
            "john\u{ff20}example.com",
            "john\u{202e}@example.com",
            "john\0@example.com",
            "john@-example.com",
            "john@example..com",
        ];
        for text in refused {
            assert_eq!(key(text), Err(InvalidEmail::Format), "{text:?}");
        }
        assert_eq!(key(&format!("{}@example.com", "a".repeat(128))), Err(InvalidEmail::TooLong));
    }
}
