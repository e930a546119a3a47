//! The page behind the link of an invitation: `POST /invitation` with `form`, `token` and `decision`, which is `accept` or
//! `decline`; `POST /invitation/signin` with `password`; `POST /invitation/signup` with `name` and `password`.

use askama::Template;

use super::frame::Frame;
use super::panel::role_words;
use super::problem::{self, Field, Problem};

/// What it takes to accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationAsks {
    /// Yes or no: the invited person is signed in.
    Answer,
    /// The password of the account that has the invited address.
    SignIn,
    /// A name and a password: no account has the address.
    SignUp,
}

/// An invitation that can be accepted.
#[derive(Template)]
#[template(path = "invitation.html")]
pub struct Invitation<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// Hidden field `token`: the link's own.
    pub token: &'a str,
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// Who invited, if they still have an account.
    pub inviter: Option<&'a str>,
    /// The product; `None`: the organization alone.
    pub product: Option<&'a str>,
    /// The role's name.
    pub role: &'a str,
    /// The invited address.
    pub email: &'a str,
    /// Filled in again.
    pub name: &'a str,
    /// What it takes.
    pub asks: InvitationAsks,
    /// Fewest characters of a password: `config().profile.min_password_length()`.
    pub min_password: usize,
    /// What went wrong.
    pub problems: &'a [Problem],
    /// Where a forgotten password leads, if it leads anywhere.
    pub forgot_url: Option<&'a str>,
}

impl Invitation<'_> {
    fn role(&self) -> &str {
        role_words(&self.frame, self.role, true)
    }

    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    fn min_password(&self) -> usize {
        self.min_password
    }
}

/// Why an invitation cannot be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvitationOver {
    /// It was, before or just now.
    Accepted,
    /// It was declined, or taken back.
    Declined,
    /// Its time is over.
    Expired,
    /// The person has a role of the product already.
    Member,
    /// What it offered is gone.
    Gone,
    /// There is none of this link.
    Unknown,
}

impl InvitationOver {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Accepted, Self::Declined, Self::Expired, Self::Member, Self::Gone, Self::Unknown];
}

/// The end of an invitation.
#[derive(Template)]
#[template(path = "invitation_over.html")]
pub struct InvitationEnd<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Why.
    pub over: InvitationOver,
    /// The organization's name, or its id where the name is empty; `None` where the link does not tell it.
    pub organization: Option<&'a str>,
    /// Where to go on.
    pub go_on_url: &'a str,
}

impl InvitationEnd<'_> {
    /// Title and text.
    fn told(&self) -> (&'static str, &'static str) {
        let t = &self.frame.t().invitation;
        match self.over {
            InvitationOver::Accepted => (t.accepted_title, t.accepted_text),
            InvitationOver::Declined => (t.declined_title, t.declined_text),
            InvitationOver::Expired => (t.expired_title, t.expired_text),
            InvitationOver::Member => (t.member_title, t.member_text),
            InvitationOver::Gone => (t.gone_title, t.gone_text),
            InvitationOver::Unknown => (t.unknown_title, t.unknown_text),
        }
    }
}
