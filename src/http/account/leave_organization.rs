//! `POST /account/organizations/leave`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, signed_out, submitted, with_cookies};
use crate::domain::id::OrganizationId;
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::account_page::leave_organization::leave_organization;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(left) = form.text("organization_id").parse::<OrganizationId>() else {
        return page::gone(&call, &caller).await;
    };
    match leave_organization(&call.app, &caller, left).await {
        Ok(Some(next)) => {
            done(&call, Notice::OrganizationLeft, "organizations").map(|response| with_cookies(response, &next))
        }
        Ok(None) => signed_out(&call),
        Err(Failure::Refused(Refusal::Conflict { .. })) => {
            page::show(&call, &caller, &Said { problems: vec![Problem::OwnerStays], ..Said::default() }).await
        }
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
