//! `POST /panel/organization`

use axum::response::Response;

use super::page::{self, Written};
use crate::domain::address::web_address;
use crate::domain::organization::{Details, MAX_NAME, MAX_PHONE};
use crate::domain::text::bounded;
use crate::http::account::submitted;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Notice, Problem};
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::organizations::update::update;

pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let said = match read(&form) {
        Err(problems) => Said::wrong(problems),
        Ok(details) => match update(&call.app, &caller, None, &details).await {
            Ok(_) => return done(&call, page::PATH, Notice::OrganizationSaved),
            Err(failure) => Said::refused(failure, |_| None)?,
        },
    };
    page::show(&call, &caller, &said, &Written { details: Some(&form), ..Written::default() }).await
}

/// Every detail: an empty field takes its value away; who may invite stays where the form does not say it.
fn read(form: &Form) -> Result<Details, Vec<Problem>> {
    let name = bounded(form.text("name"), MAX_NAME).map_err(|_| Problem::NameInvalid);
    let phone = bounded(form.text("phone"), MAX_PHONE).map_err(|_| Problem::PhoneInvalid);
    let website = match form.text("website").trim() {
        "" => Ok(None),
        text => web_address(text).map(Some).map_err(|_| Problem::WebsiteInvalid),
    };
    let mode = match form.text("invitation_mode") {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Problem::ModeInvalid),
    };
    match (name, phone, website, mode) {
        (Ok(name), Ok(phone), Ok(website), Ok(invitation_mode)) => {
            let phone = Some(phone).filter(|phone| !phone.is_empty());
            Ok(Details { name: Some(name), phone: Some(phone), website: Some(website), invitation_mode })
        }
        (name, phone, website, mode) => {
            Err([name.err(), phone.err(), website.err(), mode.err()].into_iter().flatten().collect())
        }
    }
}
