//! In which language a mail is written.

/// A language that there are words in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, also where another is wished that there are no words in.
    English,
    /// Polish.
    Polish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Polish];

    /// Of a locale such as `pl` or `pl-PL`.
    pub fn of(locale: &str) -> Self {
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|known| known.tag().eq_ignore_ascii_case(language)).unwrap_or(Self::English)
    }

    /// As in HTML.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }
}
