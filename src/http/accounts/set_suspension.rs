//! `PUT /v2/accounts/{account_id}/suspension`

use axum::response::Response;

use super::body::Account;
use crate::domain::account::MAX_PRODUCT;
use crate::domain::text::required;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::set_suspension::{Suspension, set_suspension};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let account = call.target("account_id", &["me", "my"])?.id();
    let suspension = read(call.fields()?)?;
    answer::ok(&Account::from(set_suspension(&call.app, &caller, account, &suspension).await?))
}

fn read(mut fields: Fields) -> Result<Suspension, Failure> {
    let product = fields.required_text("product", |text| required(text, MAX_PRODUCT));
    let suspended = fields.required_value("suspended", |value| value.as_bool().ok_or("must be true or false"));
    fields.finish(product.zip(suspended).map(|(product, suspended)| Suspension { product, suspended }))
}
