//! Consent: `POST /consent` with `form` and `decision`, which is `allow` or `deny`.

use askama::Template;

use super::frame::Frame;

/// A scope, to be told in words.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// As in the catalogue.
    pub scope: &'a str,
    /// The catalogue's description, shown where the texts have no words of their own.
    pub description: &'a str,
}

/// What an application asks for.
#[derive(Template)]
#[template(path = "consent.html")]
pub struct Consent<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
    /// The application, by name.
    pub application: &'a str,
    /// Where the answer is sent: origin or scheme of the validated redirect URI.
    pub destination: &'a str,
    /// The organization's name, or its id where the name is empty.
    pub organization: &'a str,
    /// What it may do if allowed.
    pub scopes: &'a [Scope<'a>],
    /// The e-mail address of the account.
    pub account: &'a str,
}
