//! How a failure is told. Three forms, and nothing else makes an error answer.

pub mod problem;

use axum::response::Response;

use crate::app::App;
use crate::usecase::Failure;

/// The form of a route's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorForm {
    /// The v2 API: `{"error", "error_description", "request_id", ...}`.
    Problem,
}

impl ErrorForm {
    pub(super) fn response(self, app: &App, failure: Failure) -> Response {
        match self {
            Self::Problem => problem::response(app, failure),
        }
    }
}
