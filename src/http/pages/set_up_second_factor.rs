//! On the way to an application: `POST /set-up` with `form`, `request`, `mfa_password`, then `POST /set-up/confirm` with
//! `form`, `request`, `code`.

use askama::Template;

use super::account::NewTotp;
use super::frame::Frame;
use super::problem::{self, Field, Problem};

/// The organization demands a second factor first.
#[derive(Template)]
#[template(path = "set_up_second_factor.html")]
pub struct SetUpSecondFactor<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// Hidden field `request`: the kept request that goes on afterwards.
    pub request: &'a str,
    /// Who demands it, at the beginning.
    pub organization: Option<&'a str>,
    /// Where the request goes on.
    pub go_on_url: &'a str,
    /// Where the person is.
    pub state: SetUpState<'a>,
    /// What went wrong.
    pub problems: &'a [Problem],
}

/// Where the person is.
pub enum SetUpState<'a> {
    /// At the beginning.
    Ask,
    /// The application has what it needs, or gets it here, once.
    Confirm(Option<NewTotp<'a>>),
    /// The recovery codes, once.
    Done(&'a [String]),
}

impl SetUpSecondFactor<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    /// No text of this page tells a length.
    fn min_password() -> usize {
        0
    }
}
