//! `POST /account/sessions/end_all`

use axum::response::Response;

use super::{signed_out, submitted};
use crate::http::call::Call;
use crate::usecase::Failure;
use crate::usecase::sessions::end;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    end::end_all(&call.app, &caller).await?;
    signed_out(&call)
}
