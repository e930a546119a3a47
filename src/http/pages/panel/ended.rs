//! The organization in which the person acted is no more: the answer to the form that ended it. Nothing else can say so,
//! because the person's pages act nowhere any more.

use askama::Template;

use super::super::frame::Frame;

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// It is a part of another one.
    Merged,
    /// With everything of it.
    Deleted,
}

/// The screen.
#[derive(Template)]
#[template(path = "panel/ended.html")]
pub struct Ended<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// How.
    pub what: What,
}

impl Ended<'_> {
    fn title(&self) -> &'static str {
        match self.what {
            What::Merged => self.frame.t().panel_merge.done_title,
            What::Deleted => self.frame.t().panel_organization.deleted_title,
        }
    }

    fn text(&self) -> &'static str {
        match self.what {
            What::Merged => self.frame.t().panel_merge.done_text,
            What::Deleted => self.frame.t().panel_organization.deleted_text,
        }
    }
}
