//! `POST /account/passkeys`

use axum::response::Response;

use super::page::{self, Said};
use super::{done, submitted};
use crate::domain::text::{InvalidText, required};
use crate::http::answer;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::{Notice, Problem};
use crate::http::passkeys::credential::registration_in_form;
use crate::usecase::passkeys::MAX_NAME;
use crate::usecase::passkeys::create::{New, create};
use crate::usecase::{Failure, Refusal};

/// The answer to the first one is the page itself: no address may hold its recovery codes.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let problem = match read(&form) {
        Err(problem) => problem,
        Ok(new) => match create(&call.app, &caller, &new).await {
            Ok(created) if created.recovery_codes.is_empty() => return done(&call, Notice::PasskeyAdded, "passkeys"),
            Ok(created) => {
                let (notice, recovery_codes) = (Some(Notice::PasskeyAdded), created.recovery_codes.as_slice());
                let said = Said { notice, recovery_codes, ..Said::default() };
                return page::show(&call, &caller, &said).await.map(answer::never_stored);
            }
            Err(Failure::Refused(Refusal::Invalid(_))) => Problem::PasskeyRefused,
            Err(Failure::Refused(Refusal::Conflict { .. })) => Problem::PasskeyNotTaken,
            Err(other) => return Err(other),
        },
    };
    let said = Said { problems: vec![problem], passkey_name: form.text("passkey_name"), ..Said::default() };
    page::show(&call, &caller, &said).await
}

fn read(form: &Form) -> Result<New, Problem> {
    let name = name(form.text("passkey_name"))?;
    let (response, transports) = registration_in_form(form.text("credential")).map_err(|_| Problem::PasskeyRefused)?;
    Ok(New { name, response, transports })
}

pub(super) fn name(text: &str) -> Result<String, Problem> {
    required(text, MAX_NAME).map_err(|error| match error {
        InvalidText::Empty => Problem::PasskeyNameMissing,
        _ => Problem::PasskeyNameInvalid,
    })
}
