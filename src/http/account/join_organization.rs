//! `POST /account/organizations/join`

use axum::response::Response;

use super::{done, page, submitted};
use crate::domain::id::OrganizationId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::organizations::join::join;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let Ok(organization) = form.text("organization_id").parse::<OrganizationId>() else {
        return page::gone(&call, &caller).await;
    };
    match join(&call.app, &caller, organization).await {
        // Sent twice: the person is where the form leads.
        Ok(_) | Err(Failure::Refused(Refusal::Conflict { .. })) => {
            done(&call, Notice::OrganizationJoined, "organizations")
        }
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
