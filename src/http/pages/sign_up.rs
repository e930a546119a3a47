//! Sign up: `POST /signup` with `form`, `email`, `password`, `name`, `organization`.

use askama::Template;

use super::frame::Frame;
use super::problem::{self, Field, Problem};
use crate::usecase::challenge;

/// The form that makes an account with an organization of its own.
#[derive(Template)]
#[template(path = "sign_up.html")]
pub struct SignUp<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The application that asked, by name.
    pub application: Option<&'a str>,
    /// Filled in again.
    pub email: &'a str,
    /// Filled in again.
    pub name: &'a str,
    /// Filled in again.
    pub organization: &'a str,
    /// Fewest characters of a password: `config().profile.min_password_length()`.
    pub min_password: usize,
    /// Site key of the challenge, where the deployment has one: goes with [`super::respond_with_challenge`].
    pub challenge: Option<&'a str>,
    /// What went wrong.
    pub problems: &'a [Problem],
    /// The same request at the sign-in form.
    pub sign_in_url: &'a str,
}

impl SignUp<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    fn action() -> &'static str {
        challenge::ACTION
    }

    fn min_password(&self) -> usize {
        self.min_password
    }
}
