//! `GET /v2/scopes`

use axum::response::Response;
use serde::Serialize;

use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::scopes::ScopeRow;
use crate::usecase::scopes::list::list;

/// Scope (API, section 1.3).
#[derive(Serialize)]
struct Scope {
    scope: String,
    description: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    beta: bool,
}

impl From<ScopeRow> for Scope {
    fn from(row: ScopeRow) -> Self {
        let ScopeRow { scope, description, beta } = row;
        Self { scope, description, beta }
    }
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let scopes = list(&call.app).await?;
    answer::ok(&scopes.into_iter().map(Scope::from).collect::<Vec<_>>())
}
