//! `GET /continue`: a kept request goes on.

use axum::response::Response;

use super::show;
use super::visit::Visit;
use crate::http::call::Call;
use crate::usecase::authorize::resume::resume;
use crate::usecase::{Failure, Refusal};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let visit = Visit::of(&call, false)?;
    let handle = visit.handle()?.ok_or(Refusal::StaleForm)?;
    let shown = resume(&call.app, &visit.visitor, handle).await?;
    show::show(&visit, &shown, false)
}
