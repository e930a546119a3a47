//! `POST /panel/organization`

use axum::response::Response;

use super::page;
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
    page::show(&call, &caller, &said, Some(&form)).await
}

/// Every detail: an empty field takes its value away.
fn read(form: &Form) -> Result<Details, Vec<Problem>> {
    let name = bounded(form.text("name"), MAX_NAME).map_err(|_| Problem::NameInvalid);
    let phone = bounded(form.text("phone"), MAX_PHONE).map_err(|_| Problem::PhoneInvalid);
    let website = match form.text("website").trim() {
        "" => Ok(None),
        text => web_address(text).map(Some).map_err(|_| Problem::WebsiteInvalid),
    };
    match (name, phone, website) {
        (Ok(name), Ok(phone), Ok(website)) => {
            let phone = Some(phone).filter(|phone| !phone.is_empty());
            Ok(Details { name: Some(name), phone: Some(phone), website: Some(website), ..Details::default() })
        }
        (name, phone, website) => Err([name.err(), phone.err(), website.err()].into_iter().flatten().collect()),
    }
}
