//! A form that is too old, was sent already, or is another browser's.

use askama::Template;

use super::frame::Frame;

/// Nothing was changed; the person goes on from a fresh page.
#[derive(Template)]
#[template(path = "stale_form.html")]
pub struct StaleForm<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// Where to go on.
    pub go_on_url: &'a str,
}
