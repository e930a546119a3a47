//! `POST /v2/organizations`

use axum::response::Response;
use serde::Serialize;

use super::body::Organization;
use crate::config::{Config, Profile};
use crate::domain::address::web_address;
use crate::domain::email::Email;
use crate::domain::organization::{Details, MAX_NAME, MAX_PHONE};
use crate::domain::password::{MIN_LENGTH, Password, STRICT_MIN_LENGTH};
use crate::domain::text::bounded;
use crate::http::accounts::body::Account;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::organizations::create::{SignUp, create};

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    account: Account,
    organization: Organization,
    access_token: String,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let sign_up = read(call.fields()?, call.app.config())?;
    let created = create(&call.app, sign_up).await?;
    answer::ok(&Body {
        account: Account::new(created.account, true),
        organization: created.organization.into(),
        access_token: created.access_token,
    })
}

fn read(mut fields: Fields, config: &Config) -> Result<SignUp, Failure> {
    let minimum = match config.profile {
        Profile::Compatible => MIN_LENGTH,
        Profile::Strict => STRICT_MIN_LENGTH,
    };
    let email = fields.required_text("email", Email::parse);
    let password = fields.text("password", |text| Password::choose(text, minimum));
    let details = fields.object("organization", details).unwrap_or_default();
    fields.finish(email.map(|email| SignUp { email, password, details }))
}

/// The writable fields of an organization.
fn details(fields: &mut Fields) -> Details {
    let name = fields.text("name", |text| bounded(text, MAX_NAME)).unwrap_or_default();
    let company = fields.object("company", |company| {
        (company.text("phone", |text| bounded(text, MAX_PHONE)), company.text("website", web_address))
    });
    let (phone, website) = company.unwrap_or_default();
    Details { name, phone, website }
}
