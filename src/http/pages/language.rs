//! Which language a page speaks: what its address says, else what the browser prefers.

/// A language that the texts exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// The default.
    English,
    /// `pl`
    Polish,
}

/// The language of one page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The language.
    pub language: Language,
    /// Whether the address asked for it, so that further addresses must too.
    pub chosen: bool,
}

impl Spoken {
    /// `lang` is the query parameter of that name, and wins if it names a language; then `Accept-Language` with its
    /// weights (RFC 9110 section 12.5.4); then English.
    pub fn negotiate(lang: Option<&str>, accept_language: Option<&str>) -> Self {
        match lang.and_then(Language::of) {
            Some(language) => Self { language, chosen: true },
            None => Self { language: preferred(accept_language.unwrap_or_default()), chosen: false },
        }
    }
}

impl Language {
    /// All of them.
    pub const ALL: &[Self] = &[Self::English, Self::Polish];

    /// The tag of BCP 47.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Polish => "pl",
        }
    }

    /// Its name in itself.
    pub const fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Polish => "Polski",
        }
    }

    /// The language of a tag or range; regions and scripts are looked over (`pl-PL` is Polish).
    fn of(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The address with `lang` for this language in place of any other.
    pub(super) fn choose_in(self, path_and_query: &str) -> String {
        let (address, fragment) = match path_and_query.split_once('#') {
            Some((address, fragment)) => (address, Some(fragment)),
            None => (path_and_query, None),
        };
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("lang"));
        let mut url = format!("{path}?");
        kept.for_each(|pair| url.extend([pair, "&"]));
        url.extend(["lang=", self.tag()]);
        if let Some(fragment) = fragment {
            url.extend(["#", fragment]);
        }
        url
    }
}

/// The language with the highest weight, the first of equals; weight 0 means no. `*` is English.
fn preferred(accept_language: &str) -> Language {
    let mut best = (Language::English, 0);
    for range in accept_language.split(',').take(32) {
        let mut parts = range.split(';').map(str::trim);
        let tag = parts.next().unwrap_or_default();
        let language = if tag == "*" { Some(Language::English) } else { Language::of(tag) };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.map_or(Some(1000), thousandths).unwrap_or_default();
        if let Some(language) = language.filter(|_| weight > best.1) {
            best = (language, weight);
        }
    }
    best.0
}

/// `0`, `1` or either with up to three decimals (RFC 9110 section 12.4.2).
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, decimals) = weight.split_once('.').unwrap_or((weight, ""));
    let valid = matches!(whole, "0" | "1") && decimals.len() <= 3 && decimals.bytes().all(|byte| byte.is_ascii_digit());
    let value = format!("{whole}{decimals:0<3}").parse().ok().filter(|_| valid);
    value.filter(|value| *value <= 1000)
}

#[cfg(test)]
mod tests {
    use super::{Language, Spoken};

    #[test]
    fn the_browser_is_believed_by_weight() {
        for (header, tag) in [
            ("", "en"),
            ("pl", "pl"),
            ("pl-PL,pl;q=0.9,en-US;q=0.8,en;q=0.7", "pl"),
            ("en-US,en;q=0.9,pl;q=0.8", "en"),
            ("de-DE,de;q=0.9,pl;q=0.5,en;q=0.4", "pl"),
            ("de, fr;q=0.9", "en"),
            ("PL-pl ; q=0.8, EN;q=0.801", "en"),
            ("pl;q=0", "en"),
            ("pl;q=0,*;q=0.1", "en"),
            ("pl;q=2, en;q=0.1", "en"),
            ("pl;q=0.0001", "en"),
            ("pl;q=abc", "en"),
            ("plx", "en"),
            (";;;,,,q=1", "en"),
        ] {
            let spoken = Spoken::negotiate(None, Some(header));
            assert_eq!((spoken.language.tag(), spoken.chosen), (tag, false), "{header}");
        }
        assert_eq!(Spoken::negotiate(None, None).language, Language::English);
    }

    #[test]
    fn the_address_wins_when_it_names_a_language() {
        let of = |lang| Spoken::negotiate(Some(lang), Some("en"));
        assert_eq!(of("pl"), Spoken { language: Language::Polish, chosen: true });
        assert_eq!(of("tlh"), Spoken { language: Language::English, chosen: false });
    }

    #[test]
    fn an_address_holds_one_language() {
        for (url, chosen) in [
            ("/", "/?lang=pl"),
            ("/?lang=en", "/?lang=pl"),
            ("/?a=1&lang=en&b=lang&lang=x", "/?a=1&b=lang&lang=pl"),
            ("/account?done=x#sessions", "/account?done=x&lang=pl#sessions"),
            ("/?language=x", "/?language=x&lang=pl"),
        ] {
            assert_eq!(Language::Polish.choose_in(url), chosen);
        }
    }
}
