//! The name and the colour that an operator's pages carry, and which colours can be read on them.

use std::fmt;
use std::str::FromStr;

/// Longest name, in code points.
pub const MAX_NAME: usize = 64;
/// Least contrast of text and its ground: WCAG 2.2, success criterion 1.4.3.
pub const MIN_CONTRAST: f64 = 4.5;

/// Pure, because a lighter one leaves colours on which neither it nor white can be read.
const BLACK: Colour = Colour([0, 0, 0]);
const WHITE: Colour = Colour([0xff, 0xff, 0xff]);
/// The grounds that a link is read on, light and dark. The stylesheet's own.
const LIGHT_GROUND: Colour = Colour([0xf5, 0xf6, 0xf8]);
const DARK_GROUND: Colour = Colour([0x1c, 0x21, 0x2b]);

/// The text is not `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a colour such as #1f5fbf")]
pub struct InvalidColour;

/// An sRGB colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// How the pages present themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    /// The product's name: `BRAND_NAME`.
    pub name: String,
    /// The colour of buttons and marks: `BRAND_COLOR`.
    pub colour: Colour,
}

impl Default for Brand {
    fn default() -> Self {
        Self { name: "Global Accounts".to_owned(), colour: Colour([0x1f, 0x5f, 0xbf]) }
    }
}

impl FromStr for Colour {
    type Err = InvalidColour;

    fn from_str(text: &str) -> Result<Self, InvalidColour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let number = digits.filter(|digits| digits.len() == 6).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let [_, red, green, blue] = number.ok_or(InvalidColour)?.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

/// Six hexadecimal digits, without `#`.
impl fmt::Display for Colour {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|channel| write!(to, "{channel:02x}"))
    }
}

impl Colour {
    /// Black or white, whichever can be read on this colour; white if both can. Never less than [`MIN_CONTRAST`].
    #[must_use]
    pub fn ink(self) -> Self {
        match self.contrast(WHITE) >= MIN_CONTRAST {
            true => WHITE,
            false => BLACK,
        }
    }

    /// This colour, darkened until it can be read on the light ground of the pages.
    #[must_use]
    pub fn on_light(self) -> Self {
        self.until_readable(LIGHT_GROUND, BLACK)
    }

    /// This colour, lightened until it can be read on the dark ground of the pages.
    #[must_use]
    pub fn on_dark(self) -> Self {
        self.until_readable(DARK_GROUND, WHITE)
    }

    /// Contrast ratio, 1 to 21 (WCAG 2.2).
    pub fn contrast(self, other: Self) -> f64 {
        let (one, other) = (self.luminance(), other.luminance());
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    fn until_readable(self, ground: Self, towards: Self) -> Self {
        let mixed = (0..=20).map(|step| self.mixed(towards, step * 5));
        mixed.into_iter().find(|colour| colour.contrast(ground) >= MIN_CONTRAST).unwrap_or(towards)
    }

    /// With `percent` of another colour in it.
    fn mixed(self, other: Self, percent: u16) -> Self {
        Self([0, 1, 2].map(|at| {
            let mixed = (self.channel(at) * (100 - percent) + other.channel(at) * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        }))
    }

    fn channel(self, at: usize) -> u16 {
        self.0.get(at).copied().unwrap_or_default().into()
    }

    fn luminance(self) -> f64 {
        let linear = self.0.map(|channel| match f64::from(channel) / 255.0 {
            low if low <= 0.04045 => low / 12.92,
            high => ((high + 0.055) / 1.055).powf(2.4),
        });
        let [red, green, blue] = linear;
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use super::{Colour, DARK_GROUND, InvalidColour, LIGHT_GROUND, MIN_CONTRAST};

    #[test]
    fn only_six_digits_are_a_colour() {
        assert_eq!("#1F5fbf".parse::<Colour>().map(|colour| colour.to_string()), Ok("1f5fbf".to_owned()));
        for text in ["", "#fff", "1f5fbf", "#1f5fbg", "#+f5fbf", "#1f5fbf;", "red", "#1f5fbf00", "#éééé"] {
            assert_eq!(text.parse::<Colour>(), Err(InvalidColour), "{text}");
        }
    }

    /// Every 17th value of each channel, 4,096 colours.
    #[test]
    fn text_can_be_read_whatever_the_colour() {
        let steps = || (0..=15).map(|step| step * 17);
        for (red, green, blue) in steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b)))) {
            let colour = Colour([red, green, blue]);
            assert!(colour.contrast(colour.ink()) >= MIN_CONTRAST, "{colour} under its ink");
            assert!(colour.on_light().contrast(LIGHT_GROUND) >= MIN_CONTRAST, "{colour} on light");
            assert!(colour.on_dark().contrast(DARK_GROUND) >= MIN_CONTRAST, "{colour} on dark");
        }
    }
}
