//! `POST /v2/accounts`: 201 for a new account, 200 for one that is a member already.

use axum::response::Response;
use http::StatusCode;

use super::body::Account;
use super::role_reference;
use crate::config::Profile;
use crate::domain::account::{MAX_NAME, MAX_PRODUCT};
use crate::domain::address::web_address;
use crate::domain::email::Email;
use crate::domain::password::Password;
use crate::domain::role::RoleChanges;
use crate::domain::text::{bounded, required};
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::create::{Creation, create};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let creation = read(call.fields()?, call.app.config().profile)?;
    let created = create(&call.app, &caller, &creation).await?;
    let status = if created.new { StatusCode::CREATED } else { StatusCode::OK };
    answer::json(status, &Account::from(created.account))
}

fn read(mut fields: Fields, profile: Profile) -> Result<Creation, Failure> {
    let email = fields.required_text("email", Email::parse);
    let name = fields.text("name", |text| bounded(text, MAX_NAME)).unwrap_or_default();
    let avatar_url = fields.text("avatar_url", web_address);
    let default_product = fields.text("default_product", |text| required(text, MAX_PRODUCT));
    let default_organization_id = fields.text("default_organization_id", str::parse);
    let roles = RoleChanges::of_account(role_reference::read(&mut fields, "roles"));
    let password = fields.text("password", |text| Password::choose(text, profile.min_password_length()));
    fields.finish(email.map(|email| Creation {
        email,
        name,
        avatar_url,
        default_product,
        default_organization_id,
        roles,
        password,
    }))
}
