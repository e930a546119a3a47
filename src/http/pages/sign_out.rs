//! Sign out: `POST /signout` with `form`; `GET /signout` asks first, so that no other site can do it (row A17).

use askama::Template;

use super::frame::Frame;

/// Asks.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub struct SignOut<'a> {
    /// Around it; holds the person.
    pub frame: Frame<'a>,
    /// Hidden field `form`.
    pub form: &'a str,
}

/// Done, or nobody was signed in.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOut<'a> {
    /// Around it; without a person.
    pub frame: Frame<'a>,
    /// To sign in again.
    pub sign_in_url: &'a str,
}
