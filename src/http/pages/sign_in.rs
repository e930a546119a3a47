//! Sign in: `POST /signin` with `form`, `email`, `password`; `POST /signin/passkey` with `form` and `credential`, which a
//! script fills.

use askama::Template;

use super::frame::Frame;
use super::problem::{self, Field, Problem};

/// The form that proves who somebody is.
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignIn<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The application that asked, by name.
    pub application: Option<&'a str>,
    /// Filled in; empty for none. A password never is.
    pub email: &'a str,
    /// What went wrong, see [`Problem::of_identity_exception`] too.
    pub problems: &'a [Problem],
    /// The same request at the sign-up form.
    pub sign_up_url: &'a str,
    /// Where a forgotten password leads, if it leads anywhere.
    pub forgot_url: Option<&'a str>,
}

impl SignIn<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    /// No text of this page tells a length.
    fn min_password() -> usize {
        0
    }
}
