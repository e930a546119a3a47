//! `POST /account/profile`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted};
use crate::domain::account::MAX_NAME;
use crate::domain::role::RoleChanges;
use crate::domain::text::{InvalidText, required};
use crate::http::call::Call;
use crate::http::pages::{Notice, Problem};
use crate::usecase::Failure;
use crate::usecase::accounts::update::{Profile, update};

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let written = form.text("name");
    let problem = match required(written, MAX_NAME) {
        Ok(name) => {
            let profile = Profile { name: Some(name), ..Profile::default() };
            update(&call.app, &caller, None, &profile, &RoleChanges::of_account(Vec::new())).await?;
            return done(&call, Notice::ProfileSaved, "profile");
        }
        Err(InvalidText::Empty) => Problem::NameMissing,
        Err(_) => Problem::NameInvalid,
    };
    page::show(&call, &caller, &Said { problems: vec![problem], name: Some(written), ..Said::default() }).await
}
