//! `DELETE /v2/accounts/{account_id}`

use axum::response::Response;

use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::delete::delete;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let account = call.target("account_id", &["me", "my"])?.id();
    whole_organization(call.optional_fields()?)?;
    delete(&call.app, &caller, account).await?;
    Ok(answer::empty())
}

/// A body that asks for less than everything is refused rather than overlooked (API, section 1.4).
fn whole_organization(mut fields: Fields) -> Result<(), Failure> {
    fields.text("mode", |mode| match mode {
        "" | "organization" => Ok(()),
        _ => Err("must be organization; roles of one product are removed by PUT .../roles"),
    });
    fields.finish(Some(()))
}
