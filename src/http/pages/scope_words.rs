//! Scopes in words, for the languages that the catalogue's own descriptions are not in.

use super::language::Language;

mod pl;

/// `None` where only the database has words.
pub(super) fn of(language: Language, scope: &str) -> Option<&'static str> {
    match language {
        Language::English => None,
        Language::Polish => pl::WORDS.iter().find(|(name, _)| *name == scope).map(|(_, words)| *words),
    }
}
