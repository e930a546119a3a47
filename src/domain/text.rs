//! Short texts that people write: bounded, in one Unicode form, without characters that only deceive.

use icu_normalizer::ComposingNormalizerBorrowed;

/// Why a text is refused. `Display` is what `invalid_fields` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidText {
    /// Nothing but white space where something is required.
    #[error("is required")]
    Empty,
    /// Longer than the field's limit, counted in Unicode code points after NFC.
    #[error("value too long")]
    TooLong,
    /// A control character, a line break or a character that reverses the direction of what follows.
    #[error("contains a character that is not allowed")]
    ForbiddenCharacter,
}

/// Normalises to NFC and holds `limit` (code points). Surrounding white space goes.
pub fn bounded(text: &str, limit: usize) -> Result<String, InvalidText> {
    let text = ComposingNormalizerBorrowed::new_nfc().normalize(text.trim()).into_owned();
    if text.chars().any(is_forbidden) {
        return Err(InvalidText::ForbiddenCharacter);
    }
    match text.chars().count() <= limit {
        true => Ok(text),
        false => Err(InvalidText::TooLong),
    }
}

/// As [`bounded`], and not empty.
pub fn required(text: &str, limit: usize) -> Result<String, InvalidText> {
    let text = bounded(text, limit)?;
    match text.is_empty() {
        true => Err(InvalidText::Empty),
        false => Ok(text),
    }
}

/// Control characters (NUL and line breaks among them), bidirectional overrides and isolates, line and paragraph
/// separators: they hide or reorder text on a page, in a mail header or in a log.
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::{InvalidText, bounded, required};

    #[test]
    fn the_limit_counts_code_points_after_nfc() {
        assert_eq!(bounded("e\u{301}", 1), Ok("\u{e9}".to_owned()));
        assert_eq!(bounded("ab", 1), Err(InvalidText::TooLong));
        assert_eq!(bounded("\u{1f600}", 1), Ok("\u{1f600}".to_owned()));
    }

    #[test]
    fn z10_deceiving_characters_are_refused() {
        for text in ["a\0b", "a\r\nBcc: x", "\u{202e}gpj.exe", "a\u{2028}b", "\u{2066}x"] {
            assert_eq!(bounded(text, 100), Err(InvalidText::ForbiddenCharacter), "{text:?}");
        }
    }

    #[test]
    fn white_space_alone_is_nothing() {
        assert_eq!(required("  ", 10), Err(InvalidText::Empty));
        assert_eq!(bounded("  ", 10), Ok(String::new()));
    }
}
