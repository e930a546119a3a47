//! A screen that is not for this person, or not there.

use askama::Template;

use super::super::frame::Frame;

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The policy says no.
    NotAllowed,
    /// Absent, or another organization's, which is the same.
    NotFound,
    /// No page of the service has this address.
    NoSuchPath,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/refused.html")]
pub struct Refused<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Why.
    pub why: Why,
}

impl Refused<'_> {
    fn title(&self) -> &'static str {
        let t = &self.frame.t().panel;
        match self.why {
            Why::NotAllowed => t.not_allowed_title,
            Why::NotFound | Why::NoSuchPath => t.not_found_title,
        }
    }

    fn text(&self) -> &'static str {
        let t = &self.frame.t().panel;
        match self.why {
            Why::NotAllowed => t.not_allowed_text,
            Why::NotFound => t.not_found_text,
            Why::NoSuchPath => t.no_such_path_text,
        }
    }
}
