//! The account page, `GET /account`. Each section is a struct; each change is a POST of its own with the hidden field `form`:
//!
//! | path | further fields |
//! |---|---|
//! | `/account/profile` | `name` |
//! | `/account/email` | `email` (the new one), `proof_password` or `proof_code` |
//! | `/account/email/verification` | (sends the link that proves the present one) |
//! | `/account/picture` | `avatar` (a file; `multipart/form-data`) |
//! | `/account/picture/remove` | |
//! | `/account/password` | `current_password`, `password` |
//! | `/account/second-factor/totp` | `mfa_password` or `mfa_code` (empty after a fresh sign-in) |
//! | `/account/second-factor/totp/confirm` | `code` |
//! | `/account/second-factor/totp/delete` | `disable_code` |
//! | `/account/second-factor/recovery_codes` | `renew_code` |
//! | `/account/sessions/end` | `session_id` |
//! | `/account/sessions/end_all` | (every session, this one too) |
//! | `/account/applications/withdraw` | `client_id`, `organization_id` |
//! | `/account/passkeys/options` | `passkey_password` or `passkey_code` (may be empty; a script reads the answer) |
//! | `/account/passkeys` | `passkey_name`, `credential` (from a script) |
//! | `/account/passkeys/rename` | `passkey_id`, `passkey_name` |
//! | `/account/passkeys/delete` | `passkey_id`, `passkey_code` (may be empty) |
//! | `/account/step-up/options` | (a script reads the answer) |
//! | `/account/step-up` | `credential` (from a script) |
//! | `/account/personal_tokens` | `token_name`, `scope` (once for each that is ticked), `expires_in` (seconds, empty for none) |
//! | `/account/personal_tokens/delete` | `personal_token_id` |
//! | `/account/organization` | `organization_id` |
//! | `/account/organizations/join` | `organization_id` |
//! | `/account/organizations/leave` | `organization_id` |
//! | `/account/export` | `export_password` (answers with the file) |
//! | `/account/delete` | `delete_email` (the present one), `delete_password` or `delete_code` |
//! | `/account/operator_commands/withdraw` | `command_id` |
//!
//! What cannot be undone asks again within a `details` element, so that it works without a script. A change that
//! succeeded redirects (303) to `/account?done=<Notice::code>`; one that failed shows the page again with `problems` and
//! what was written. Only a new personal token, the secret of an authenticator application and new recovery codes are shown by
//! the POST's own answer, because no address may hold them.

use askama::Template;

use super::consent::Scope;
use super::device;
use super::frame::Frame;
use super::notice::Notice;
use super::problem::{self, Field, Problem};
use crate::domain::time::Timestamp;

/// The account page.
#[derive(Template)]
#[template(path = "account.html")]
pub struct Account<'a> {
    /// Around it; holds the person.
    pub frame: Frame<'a>,
    /// Hidden field `form` of every form of the page.
    pub form: &'a str,
    /// What was done just now.
    pub notice: Option<Notice>,
    /// What went wrong just now; each leads to its field.
    pub problems: &'a [Problem],
    /// Fewest characters of a password: `config().profile.min_password_length()`.
    pub min_password: usize,
    /// Name and address.
    pub profile: Profile<'a>,
    /// The second step of a sign-in.
    pub second_factor: SecondFactor<'a>,
    /// Live sessions, the current one first.
    pub sessions: &'a [Session<'a>],
    /// Passkeys, oldest first.
    pub passkeys: Passkeys<'a>,
    /// Consents given, in every organization.
    pub applications: &'a [Application<'a>],
    /// Personal tokens of the current organization.
    pub personal_tokens: PersonalTokens<'a>,
    /// The account's organizations, the current one first.
    pub organizations: &'a [Membership<'a>],
    /// The organizations that the person may join.
    pub joinable: &'a [Joinable<'a>],
    /// Whether the panel of the current one is open to the person.
    pub panel: bool,
    /// Commands of the operator that wait and that the person may withdraw.
    pub resets: &'a [FactorReset<'a>],
}

/// A command of the operator that waits: somebody's second factor is to be removed.
#[derive(Clone, Copy, Debug)]
pub struct FactorReset<'a> {
    /// `command_id`
    pub id: &'a str,
    /// Name or address of whom it is about.
    pub person: &'a str,
    /// When it takes effect.
    pub due_at: Timestamp,
}

/// Section `#profile`.
#[derive(Clone, Copy, Debug)]
pub struct Profile<'a> {
    /// The name, or what was written and refused.
    pub name: &'a str,
    /// The e-mail address.
    pub email: &'a str,
    /// Whether the person proved it.
    pub email_verified: bool,
    /// A new address as it was written and refused; empty for none.
    pub new_email: &'a str,
    /// In the current organization.
    pub picture: Picture<'a>,
}

/// A member's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture<'a> {
    /// There is none.
    None,
    /// `avatar_id` of one that this service has.
    Here(&'a str),
    /// A link to another site, which pages show nothing of.
    Elsewhere,
}

/// Section `#second_factor`.
#[derive(Clone, Copy)]
pub struct SecondFactor<'a> {
    /// Since when there is an authenticator application.
    pub totp_since: Option<Timestamp>,
    /// Whether one was begun to be set up.
    pub begun: bool,
    /// Whether a second step is asked for, by whatever means.
    pub enabled: bool,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
    /// From when on the current organization demands a second factor, if it does.
    pub required_at: Option<Timestamp>,
    /// What the application needs, once.
    pub enrolment: Option<NewTotp<'a>>,
    /// New recovery codes, once; empty for none.
    pub new_codes: &'a [String],
}

/// The secret of an authenticator application, once.
#[derive(Clone, Copy)]
pub struct NewTotp<'a> {
    /// As people type it.
    pub secret: &'a str,
    /// The picture: an SVG element of this service's own making (`domain::qr`), which the page holds as it is.
    pub qr: &'a str,
}

impl NewTotp<'_> {
    /// In groups of four, as people read it.
    pub(super) fn spaced(&self) -> String {
        let letters: Vec<char> = self.secret.chars().collect();
        letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }
}

/// One line of section `#sessions`.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// `session_id`
    pub id: &'a str,
    /// As the browser named itself; the page says it in words ("Chrome on Windows").
    pub user_agent: &'a str,
    /// The address it came from.
    pub ip: &'a str,
    /// `identity_source`: `credentials`, `token`, `google`, ...
    pub source: &'a str,
    /// When it began.
    pub signed_in_at: Timestamp,
    /// When it was last used.
    pub used_at: Timestamp,
    /// Names of the applications that it signed in to.
    pub applications: &'a [&'a str],
    /// The session of this very request.
    pub current: bool,
}

/// Section `#passkeys`.
#[derive(Clone, Copy)]
pub struct Passkeys<'a> {
    /// Those that the account has.
    pub list: &'a [Passkey<'a>],
    /// `passkey_name` as it was written and refused; empty for none.
    pub name: &'a str,
}

/// One line of the passkeys.
#[derive(Clone, Copy, Debug)]
pub struct Passkey<'a> {
    /// `passkey_id`
    pub id: &'a str,
    /// The name that its owner gave it.
    pub name: &'a str,
    /// Whether its maker keeps copies.
    pub backed_up: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// One line of section `#applications`.
#[derive(Clone, Copy, Debug)]
pub struct Application<'a> {
    /// `client_id`
    pub client_id: &'a str,
    /// `organization_id`
    pub organization_id: &'a str,
    /// The application's name.
    pub name: &'a str,
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// What it may do.
    pub scopes: &'a [Scope<'a>],
    /// When that was allowed.
    pub granted_at: Timestamp,
}

/// Section `#personal_tokens`.
#[derive(Clone, Copy)]
pub struct PersonalTokens<'a> {
    /// The organization that they belong to: its name, or its id where the name is empty.
    pub organization: &'a str,
    /// Those that are alive.
    pub list: &'a [PersonalToken<'a>],
    /// The one just made, shown once.
    pub created: Option<NewToken<'a>>,
    /// `token_name` as it was written and refused; empty for none.
    pub name: &'a str,
    /// What the account may give a token now.
    pub offered: &'a [OfferedScope<'a>],
    /// Choices of `expires_in`, the first of which is chosen.
    pub lifetimes: &'a [Lifetime],
}

/// One line of the personal tokens.
#[derive(Clone, Copy, Debug)]
pub struct PersonalToken<'a> {
    /// `personal_token_id`
    pub id: &'a str,
    /// The name that its owner gave it.
    pub name: &'a str,
    /// What it may do.
    pub scopes: &'a [Scope<'a>],
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends; `None` for never.
    pub expires_at: Option<Timestamp>,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// A personal token's text, once.
#[derive(Clone, Copy)]
pub struct NewToken<'a> {
    /// Its name.
    pub name: &'a str,
    /// User name of the Basic credential.
    pub account_id: &'a str,
    /// The token itself: password of the Basic credential.
    pub text: &'a str,
}

/// A scope that a new personal token may have.
#[derive(Clone, Copy, Debug)]
pub struct OfferedScope<'a> {
    /// The scope.
    pub scope: Scope<'a>,
    /// Ticked, when the form is shown again.
    pub ticked: bool,
}

/// How long a new personal token lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// So many days; `expires_in` in seconds.
    Days(u32),
    /// `expires_in` empty. Not where the profile demands an end.
    Unlimited,
}

/// One line of section `#organizations`.
#[derive(Clone, Copy, Debug)]
pub struct Membership<'a> {
    /// `organization_id`
    pub id: &'a str,
    /// Its name, or its id where the name is empty.
    pub title: &'a str,
    /// The products it has.
    pub products: &'a [&'a str],
    /// The account owns it and cannot leave.
    pub owner: bool,
    /// The one that this session is in.
    pub current: bool,
}

/// One organization to join, in section `#organizations`.
#[derive(Clone, Copy, Debug)]
pub struct Joinable<'a> {
    /// `organization_id`
    pub id: &'a str,
    /// Its name, or its id where the name is empty.
    pub title: &'a str,
}

impl Account<'_> {
    fn at(&self, field: Field) -> Option<Problem> {
        problem::at(self.problems, field)
    }

    fn min_password(&self) -> usize {
        self.min_password
    }

    /// As [`Self::token_form_is_open`].
    fn email_form_is_open(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| matches!(problem.field(), Some(Field::Email | Field::ProofPassword | Field::ProofCode)))
    }

    /// As [`Self::token_form_is_open`].
    fn form_is_open(&self, field: Field) -> bool {
        self.at(field).is_some()
    }

    /// As [`Self::token_form_is_open`].
    fn export_form_is_open(&self) -> bool {
        self.at(Field::ExportPassword).or(self.at(Field::ExportCode)).is_some()
    }

    /// As [`Self::token_form_is_open`].
    fn delete_form_is_open(&self) -> bool {
        [Field::DeleteEmail, Field::DeletePassword, Field::DeleteCode].iter().any(|field| self.at(*field).is_some())
    }

    fn owns_one(&self) -> bool {
        self.organizations.iter().any(|organization| organization.owner)
    }

    /// After a problem with it the form is open, so that the problem's link leads somewhere.
    fn token_form_is_open(&self) -> bool {
        let of_it =
            |problem: &Problem| matches!(problem.field(), Some(Field::TokenName | Field::Scope | Field::ExpiresIn));
        self.problems.iter().any(of_it)
    }

    fn device(&self, session: &Session<'_>) -> String {
        device::words(session.user_agent, self.frame.t())
    }

    fn source(&self, session: &Session<'_>) -> &'static str {
        let t = &self.frame.t().account;
        match session.source {
            "credentials" => t.source_credentials,
            "token" => t.source_token,
            "google" => "Google",
            "microsoft" => "Microsoft",
            "apple" => "Apple",
            _ => t.source_other,
        }
    }
}

impl Lifetime {
    fn words(self, frame: &Frame<'_>) -> String {
        let t = &frame.t().account;
        match self {
            Self::Days(days) => t.days.of(&days.to_string()),
            Self::Unlimited => t.unlimited.to_owned(),
        }
    }

    /// `expires_in` as the form sends it.
    pub fn value(self) -> String {
        match self {
            Self::Days(days) => (u64::from(days) * 24 * 60 * 60).to_string(),
            Self::Unlimited => String::new(),
        }
    }
}
