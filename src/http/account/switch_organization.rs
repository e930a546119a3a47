//! `POST /account/organization`

use axum::response::Response;

use super::{done, page, submitted, with_cookies};
use crate::domain::id::OrganizationId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::account_page::switch_organization::switch_organization;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(to) = form.text("organization_id").parse::<OrganizationId>() else {
        return page::gone(&call, &caller).await;
    };
    match switch_organization(&call.app, &caller, to).await {
        Ok(next) => {
            done(&call, Notice::OrganizationSwitched, "organizations").map(|response| with_cookies(response, &next))
        }
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
