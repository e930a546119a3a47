//! The second step of a sign-in: `POST /second-step` with `form`, the hidden field of the way on, and `code` or
//! `recovery_code`; `POST /second-step/passkey` with `credential` in their place, which a script fills.

use askama::Template;

use super::frame::Frame;
use super::problem::{self, Field, Problem};

/// The form of who has given the right password.
#[derive(Template)]
#[template(path = "second_step.html")]
pub struct SecondStep<'a> {
    /// Around it. Holds no person: nobody is signed in yet.
    pub frame: Frame<'a>,
    /// Hidden field `form`, of the way out too.
    pub form: &'a str,
    /// Name and value of the hidden field that says where to go on.
    pub way: Option<(&'a str, &'a str)>,
    /// The application that asked, by name.
    pub application: Option<&'a str>,
    /// Whose step it is.
    pub email: &'a str,
    /// Whether the account has an application that shows codes.
    pub code: bool,
    /// Whether it has a passkey.
    pub passkey: bool,
    /// Whether it has a recovery code left.
    pub recovery_code: bool,
    /// What went wrong.
    pub problems: &'a [Problem],
}

impl SecondStep<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    /// Open where there is nothing else, and after a problem with it, so that the problem's link leads somewhere.
    fn recovery_is_open(&self) -> bool {
        (!self.code && !self.passkey) || self.at(Field::RecoveryCode).is_some()
    }

    /// No text of this page tells a length.
    fn min_password() -> usize {
        0
    }
}
