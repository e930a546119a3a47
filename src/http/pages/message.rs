//! The answer to a popup or an iframe (API, section 4.1, points 5 and 6).

use askama::Template;

use super::frame::Frame;

/// A page that hands `payload_json` to the window that opened it or that holds it, and to that origin only. A popup
/// then closes itself.
#[derive(Template)]
#[template(path = "message.html")]
pub struct Message<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// The exact origin of the validated redirect URI.
    pub origin: &'a str,
    /// The message, one JSON object: `{"data": ..}` or `{"error": ..}`.
    pub payload_json: &'a str,
    /// Whether it is in a frame; `None` lets the script find out.
    pub embedded: Option<bool>,
}

impl Message<'_> {
    /// What the script is told about its window.
    fn target(&self) -> &'static str {
        match self.embedded {
            Some(true) => "parent",
            Some(false) => "opener",
            None => "any",
        }
    }
}
