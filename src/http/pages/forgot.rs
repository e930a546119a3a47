//! `/forgot`: `POST` with `form`, `email`.

use askama::Template;

use super::frame::Frame;
use super::problem::{self, Field, Problem};

/// The form that asks for a link to a new password.
#[derive(Template)]
#[template(path = "forgot.html")]
pub struct Forgot<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// Filled in; empty for none.
    pub email: &'a str,
    /// What went wrong; never that there is no such account.
    pub problems: &'a [Problem],
}

impl Forgot<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    /// No text of this page tells a length.
    fn min_password() -> usize {
        0
    }
}
