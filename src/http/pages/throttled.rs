//! Too many attempts.

use askama::Template;

use super::frame::Frame;

/// The person has to wait. Goes with 429 and `Retry-After`.
#[derive(Template)]
#[template(path = "throttled.html")]
pub struct Throttled<'a> {
    /// Around it.
    pub frame: Frame<'a>,
    /// For how long, if that may be told; shown in whole minutes.
    pub retry_after_seconds: Option<u64>,
    /// Where to go on then.
    pub go_on_url: &'a str,
}

impl Throttled<'_> {
    fn minutes(&self) -> Option<String> {
        self.retry_after_seconds.map(|seconds| seconds.div_ceil(60).max(1).to_string())
    }
}
