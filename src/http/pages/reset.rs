//! `/reset`: `POST` with `form`, `token`, `password`.

use askama::Template;

use super::frame::Frame;
use super::problem::{self, Field, Problem};

/// The form behind the link of a mail that sets another password.
#[derive(Template)]
#[template(path = "reset.html")]
pub struct Reset<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// Hidden field `token`: that of the link.
    pub token: &'a str,
    /// For password managers: whose password it will be.
    pub email: &'a str,
    /// Fewest characters of a password: `config().profile.min_password_length()`.
    pub min_password: usize,
    /// What went wrong.
    pub problems: &'a [Problem],
}

impl Reset<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    fn min_password(&self) -> usize {
        self.min_password
    }
}
