//! `POST /account/applications/withdraw`

use axum::response::Response;

use super::{done, page, submitted};
use crate::domain::client::ClientId;
use crate::domain::id::OrganizationId;
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::consents::withdraw::withdraw;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let (organization, client) =
        (form.text("organization_id").parse::<OrganizationId>(), form.text("client_id").parse::<ClientId>());
    let (Ok(organization), Ok(client)) = (organization, client) else {
        return page::gone(&call, &caller).await;
    };
    match withdraw(&call.app, &caller, organization, &client).await {
        Ok(()) => done(&call, Notice::AccessWithdrawn, "applications"),
        Err(refused) => page::gone_or(&call, &caller, refused).await,
    }
}
