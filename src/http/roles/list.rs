//! `GET /v2/roles`

use axum::response::Response;

use crate::http::accounts::body::Role;
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::roles::list::list;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let roles = list(&call.app, &call.caller()?).await?;
    answer::ok(&roles.into_iter().map(Role::from).collect::<Vec<_>>())
}
