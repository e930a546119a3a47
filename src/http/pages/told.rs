//! What became of a request for a mail, or of a link.

use askama::Template;

use super::frame::Frame;

/// What is told. None of it says whether an address has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// A link to a new password may be on its way.
    ResetSent,
    /// A mail tells how a sign-up goes on.
    CheckMail,
    /// The password is set.
    PasswordSet,
    /// The address is proven.
    EmailVerified,
    /// The new address is in effect.
    EmailChanged,
    /// The old address is back.
    EmailRestored,
    /// The domain is proven.
    DomainProven,
    /// The account is gone.
    AccountDeleted,
    /// The link does nothing any more, or never did.
    LinkGone,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::ResetSent,
        Self::CheckMail,
        Self::PasswordSet,
        Self::EmailVerified,
        Self::EmailChanged,
        Self::EmailRestored,
        Self::DomainProven,
        Self::AccountDeleted,
        Self::LinkGone,
    ];
}

/// A page that only tells.
#[derive(Template)]
#[template(path = "told.html")]
pub struct Told<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// What.
    pub outcome: Outcome,
}

impl Told<'_> {
    fn title(&self) -> &'static str {
        let t = &self.frame.t().told;
        match self.outcome {
            Outcome::ResetSent => t.sent_title,
            Outcome::CheckMail => t.check_title,
            Outcome::PasswordSet => t.set_title,
            Outcome::EmailVerified => t.verified_title,
            Outcome::EmailChanged => t.changed_title,
            Outcome::EmailRestored => t.undone_title,
            Outcome::DomainProven => t.domain_title,
            Outcome::AccountDeleted => t.deleted_title,
            Outcome::LinkGone => t.gone_title,
        }
    }

    fn text(&self) -> &'static str {
        let t = &self.frame.t().told;
        match self.outcome {
            Outcome::ResetSent => t.sent_text,
            Outcome::CheckMail => t.check_text,
            Outcome::PasswordSet => t.set_text,
            Outcome::EmailVerified => t.verified_text,
            Outcome::EmailChanged => t.changed_text,
            Outcome::EmailRestored => t.undone_text,
            Outcome::DomainProven => t.domain_text,
            Outcome::AccountDeleted => t.deleted_text,
            Outcome::LinkGone => t.gone_text,
        }
    }

    fn go_on(&self) -> Option<(&'static str, &'static str)> {
        let t = self.frame.t();
        match self.outcome {
            Outcome::CheckMail | Outcome::DomainProven | Outcome::AccountDeleted => None,
            Outcome::ResetSent => Some((t.forgot.back, "/signin")),
            Outcome::PasswordSet | Outcome::EmailChanged => Some((t.told.sign_in, "/signin")),
            Outcome::EmailVerified => Some((t.common.account, "/account")),
            Outcome::EmailRestored => Some((t.told.new_password, "/forgot")),
            Outcome::LinkGone => Some((t.told.new_link, "/forgot")),
        }
    }
}
