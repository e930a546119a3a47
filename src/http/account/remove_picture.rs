//! `POST /account/picture/remove`

use axum::response::Response;

use super::{done, submitted};
use crate::http::call::Call;
use crate::http::pages::Notice;
use crate::usecase::Failure;
use crate::usecase::organization_settings::update::update;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    update(&call.app, &caller, None, None, Some(None)).await?;
    done(&call, Notice::PictureRemoved, "picture")
}
