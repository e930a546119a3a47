//! `POST /v2/accounts/{account_id}/password/reset`

use axum::response::Response;

use super::body::Account;
use crate::config::Profile;
use crate::domain::password::Password;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::set_password::set_password;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let account = call.target("account_id", &["me", "my"])?.id();
    let password = read(call.fields()?, call.app.config().profile)?;
    answer::ok(&Account::from(set_password(&call.app, &caller, account, &password).await?))
}

fn read(mut fields: Fields, profile: Profile) -> Result<Password, Failure> {
    let password = fields.required_text("password", |text| Password::choose(text, profile.min_password_length()));
    fields.finish(password)
}
