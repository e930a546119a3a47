//! `GET /v2/accounts/{account_id}/organization_settings/{organization_id}`

use axum::response::Response;

use super::{Settings, target};
use crate::http::answer;
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::organization_settings::get::get;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let (account, organization) = target(&call)?;
    let avatar_url = get(&call.app, &caller, account, organization).await?;
    answer::ok(&Settings { avatar_url })
}
