//! How a failure is told. Three forms, and nothing else makes an error answer.

pub mod browser;
mod oauth;
pub mod problem;

use axum::response::Response;

use crate::app::App;
use crate::http::page_call::PageCall;
use crate::usecase::Failure;

/// The form of a route's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorForm {
    /// The v2 API: `{"error", "error_description", "request_id", ...}`.
    Problem,
    /// The token endpoint: the same body, with the protocol's codes.
    OAuth,
    /// The unversioned paths: the names of v1 beside those of v2.
    OAuthV1,
    /// Pages: the page that explains it, or a redirect to it.
    Browser,
}

impl ErrorForm {
    /// `page` is there for pages alone.
    pub(super) fn response(self, app: &App, page: Option<&PageCall>, failure: Failure) -> Response {
        match (self, page) {
            (Self::Browser, Some(page)) => browser::response(page, failure),
            (Self::Problem | Self::Browser, _) => problem::response(app, failure),
            (Self::OAuth, _) => oauth::response(app, failure),
            (Self::OAuthV1, _) => oauth::response_v1(app, failure),
        }
    }
}
