//! `POST /v2/organizations`: sign-up, or one more organization of the caller's account.

use std::convert::Infallible;

use axum::response::Response;
use serde::Serialize;

use super::body::{Organization, details};
use crate::config::Config;
use crate::domain::email::Email;
use crate::domain::mail_domain::{self, InvalidDomain};
use crate::domain::organization::Details;
use crate::domain::password::Password;
use crate::http::accounts::body::Account;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::organizations::create::create;
use crate::usecase::organizations::sign_up::{SignUp, SignedUp, sign_up};
use crate::usecase::{Failure, challenge};

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    account: Account,
    organization: Organization,
    access_token: String,
}

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.optional_caller();
    let fields = call.fields()?;
    let created = match caller {
        None => {
            let wanted = read_sign_up(fields, call.app.config())?;
            match sign_up(&call.app, wanted, call.page().language()).await? {
                SignedUp::Created(created) => *created,
                SignedUp::MailTells => return Ok(answer::empty()),
            }
        }
        Some(caller) => create(&call.app, &caller, &read(fields)?).await?,
    };
    answer::ok(&Body {
        account: created.account.into(),
        organization: created.organization.into(),
        access_token: created.access_token,
    })
    .map(answer::never_stored)
}

fn read_sign_up(mut fields: Fields, config: &Config) -> Result<SignUp, Failure> {
    let minimum = config.profile.min_password_length();
    let email = fields.required_text("email", |text| address(text, config));
    let challenge = fields.text(challenge::FIELD, |text| Ok::<_, Infallible>(text.to_owned()));
    let password = fields.text("password", |text| Password::choose(text, minimum));
    let details = fields.object("organization", details).unwrap_or_default();
    fields.finish(email.map(|email| SignUp { email, password, details, challenge }))
}

/// One at which mail stays readable, unless the deployment takes any.
fn address(text: &str, config: &Config) -> Result<Email, String> {
    let email = Email::parse(text).map_err(|invalid| invalid.to_string())?;
    match config.disposable_addresses || !mail_domain::is_disposable(&email) {
        true => Ok(email),
        false => Err(InvalidDomain::Disposable.to_string()),
    }
}

/// The account is the credential's; the body cannot name another.
fn read(mut fields: Fields) -> Result<Details, Failure> {
    for name in ["email", "password"] {
        fields.forbid(name, &"is not taken together with a credential");
    }
    let details = fields.object("organization", details).unwrap_or_default();
    fields.finish(Some(details))
}
