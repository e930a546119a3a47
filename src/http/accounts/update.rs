//! `PATCH /v2/accounts/{account_id}`. `email` is read-only, so it is not read (row Z3).

use axum::response::Response;

use super::body::Account;
use super::role_reference;
use crate::domain::account::{MAX_NAME, MAX_PRODUCT};
use crate::domain::address::web_address;
use crate::domain::role::RoleChanges;
use crate::domain::text::{bounded, required};
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::update::{Profile, update};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let account = call.target("account_id", &["me", "my"])?.id();
    let (profile, roles) = read(call.fields()?)?;
    answer::ok(&Account::from(update(&call.app, &caller, account, &profile, &roles).await?))
}

fn read(mut fields: Fields) -> Result<(Profile, RoleChanges), Failure> {
    let profile = Profile {
        name: fields.text("name", |text| bounded(text, MAX_NAME)),
        avatar_url: fields.nullable_text("avatar_url", web_address),
        default_product: fields.nullable_text("default_product", |text| required(text, MAX_PRODUCT)),
        default_organization_id: fields.nullable_text("default_organization_id", str::parse),
    };
    let roles = RoleChanges::of_account(role_reference::read(&mut fields, "roles"));
    fields.finish(Some((profile, roles)))
}
