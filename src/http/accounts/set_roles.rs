//! `PUT /v2/accounts/{account_id}/roles`

use axum::response::Response;

use super::body::Account;
use super::role_reference;
use crate::domain::role::RoleChanges;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::fields::Fields;
use crate::usecase::Failure;
use crate::usecase::accounts::set_roles::set_roles;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let caller = call.caller()?;
    let account = call.target("account_id", &["me", "my"])?.id();
    let changes = read(call.fields()?)?;
    answer::ok(&Account::from(set_roles(&call.app, &caller, account, &changes).await?))
}

fn read(mut fields: Fields) -> Result<RoleChanges, Failure> {
    let set_field = "set_roles";
    let set = role_reference::read(&mut fields, set_field);
    let delete = role_reference::read(&mut fields, "delete_roles");
    fields.finish(Some(RoleChanges { set_field, set, delete }))
}
