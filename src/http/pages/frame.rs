//! What every page has around its content.

use std::borrow::Borrow;

use super::assets;
use super::date;
use super::language::{Language, Spoken};
use super::scope_words;
use super::texts::Texts;
use crate::domain::brand::Brand;
use crate::domain::time::Timestamp;

/// Who is signed in, as the page's head shows it.
#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    /// The name; where there is none, the e-mail address again.
    pub name: &'a str,
    /// E-mail address.
    pub email: &'a str,
}

/// What every page has: language, brand, request, person.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The language and whether the person chose it here.
    pub spoken: Spoken,
    /// The operator's name and colour.
    pub brand: &'a Brand,
    /// Shown on pages about errors, so that it can be quoted.
    pub request_id: &'a str,
    /// The signed-in person, with links to the account page and to `/signout`.
    pub person: Option<Person<'a>>,
    /// Path and query of a GET that shows this page again, for the language switch; `lang` in it is replaced. Where
    /// only a POST leads to the page, the address to start again from.
    pub here: &'a str,
}

impl<'a> Frame<'a> {
    /// The same page for a person.
    #[must_use]
    pub fn with_person(self, person: Person<'a>) -> Self {
        Self { person: Some(person), ..self }
    }

    /// An address of this service that keeps the language that was chosen here. Links, form actions and redirects of
    /// pages all go through this, because no cookie remembers the choice.
    pub fn url(&self, path_and_query: &str) -> String {
        match self.spoken.chosen {
            true => self.spoken.language.choose_in(path_and_query),
            false => path_and_query.to_owned(),
        }
    }

    pub(super) fn t(&self) -> &'static Texts {
        Texts::in_language(self.spoken.language)
    }

    pub(super) fn lang(&self) -> &'static str {
        self.spoken.language.tag()
    }

    /// The languages that the page is not in, with its address in each.
    pub(super) fn other_languages(&self) -> Vec<(Language, String)> {
        let others = Language::ALL.iter().filter(|language| **language != self.spoken.language);
        others.map(|language| (*language, language.choose_in(self.here))).collect()
    }

    /// At most two letters that stand for a name.
    pub(super) fn initials(name: &str) -> String {
        let mut words = name.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next());
        let first = words.next();
        let last = words.next_back();
        [first, last].into_iter().flatten().flat_map(char::to_uppercase).take(2).collect()
    }

    pub(super) fn date(&self, at: impl Borrow<Timestamp>) -> String {
        date::day(*at.borrow(), self.t())
    }

    pub(super) fn time(&self, at: impl Borrow<Timestamp>) -> String {
        date::minute(*at.borrow(), self.t())
    }

    /// A scope in words: the catalogue's own in this language, else what the database says.
    pub(super) fn scope<'s>(&self, scope: &str, description: &'s str) -> &'s str {
        scope_words::of(self.spoken.language, scope).unwrap_or(description)
    }

    pub(super) fn stylesheet() -> &'static str {
        assets::url("pages.css")
    }

    pub(super) fn brand_stylesheet(&self) -> String {
        assets::brand_url(self.brand)
    }

    pub(super) fn script(name: &str) -> &'static str {
        assets::url(name)
    }
}

#[cfg(test)]
mod tests {
    use super::Frame;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        for (name, initials) in
            [("Łucja Maria Żak", "ŁŻ"), ("ann@example.com", "AC"), ("Cher", "C"), ("", ""), ("<script>", "S")]
        {
            assert_eq!(Frame::initials(name), initials);
        }
    }
}
