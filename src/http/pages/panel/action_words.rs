//! Codes of the audit log in words. A code without words is told as it is.

mod en;
mod pl;

use crate::http::pages::Language;

/// Of one code.
pub(super) fn of(language: Language, code: &str) -> Option<&'static str> {
    table(language).iter().find(|(name, _)| *name == code).map(|(_, words)| *words)
}

/// Every code that there are words for, with them, in the order of the words.
pub(super) fn all(language: Language) -> Vec<(&'static str, &'static str)> {
    let mut all = table(language).to_vec();
    all.sort_by_key(|(_, words)| *words);
    all
}

/// Every code that there are words for in a language.
pub fn codes(language: Language) -> Vec<&'static str> {
    table(language).iter().map(|(code, _)| *code).collect()
}

fn table(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::English => en::WORDS,
        Language::Polish => pl::WORDS,
    }
}
