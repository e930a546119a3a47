//! `POST /panel/applications/{client_id}/delete`

use axum::response::Response;

use super::{list_page, target};
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::usecase::Failure;
use crate::usecase::clients::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    delete(&call.app, &caller, &target(&call)?).await?;
    done(&call, list_page::PATH, Notice::ApplicationDeleted)
}
