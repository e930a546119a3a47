//! The page behind the link of a mail: what it will do, and a button that does it (row E8). `POST` with `form`, `token`.

use askama::Template;

use super::frame::Frame;

/// What the button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// Proves the address of an account.
    Verify,
    /// Proves a new address, which then takes effect.
    ChangeEmail,
    /// Takes the old address back.
    UndoEmail,
    /// Proves that a domain is an organization's.
    Domain,
}

impl Asked {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Verify, Self::ChangeEmail, Self::UndoEmail, Self::Domain];

    /// Where the form leads.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Verify => "/verify",
            Self::ChangeEmail => "/email/confirm",
            Self::UndoEmail => "/email/undo",
            Self::Domain => "/domain",
        }
    }
}

/// One button.
#[derive(Template)]
#[template(path = "link.html")]
pub struct Link<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// Hidden field `token`: that of the link.
    pub token: &'a str,
    /// What the button does.
    pub what: Asked,
    /// The address, or the domain with its organization, that it is about.
    pub address: &'a str,
}

impl Link<'_> {
    fn title(&self) -> &'static str {
        let t = &self.frame.t().link;
        match self.what {
            Asked::Verify => t.verify_title,
            Asked::ChangeEmail => t.change_title,
            Asked::UndoEmail => t.undo_title,
            Asked::Domain => t.domain_title,
        }
    }

    fn text(&self) -> &'static str {
        let t = &self.frame.t().link;
        match self.what {
            Asked::Verify => t.verify_text,
            Asked::ChangeEmail => t.change_text,
            Asked::UndoEmail => t.undo_text,
            Asked::Domain => t.domain_text,
        }
    }

    fn submit(&self) -> &'static str {
        let t = &self.frame.t().link;
        match self.what {
            Asked::Verify => t.verify_submit,
            Asked::ChangeEmail => t.change_submit,
            Asked::UndoEmail => t.undo_submit,
            Asked::Domain => t.domain_submit,
        }
    }
}
