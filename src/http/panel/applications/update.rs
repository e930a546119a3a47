//! `POST /panel/applications/{client_id}`

use axum::response::Response;

use super::fields::{self, problem};
use super::page::Shown;
use super::{page, target};
use crate::http::account::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::panel::Notice;
use crate::http::panel::around::done;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::clients::update::{Changes, update};

/// An application that becomes confidential has its first secret in the answer, which is its screen then.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let id = target(&call)?;
    let said = match fields::read(&form) {
        Err(problems) => Said::wrong(problems),
        Ok(settings) => {
            let changes = Changes {
                name: Some(settings.name),
                r#type: Some(settings.r#type),
                visibility: Some(settings.visibility),
                configuration_uri: Some(settings.configuration_uri),
                redirect_uris: Some(settings.redirect_uris),
                secret: None,
            };
            match update(&call.app, &caller, &id, &changes).await {
                Ok(None) => return done(&call, &page::path(&id), Notice::ApplicationSaved),
                Ok(Some(secret)) => {
                    let answer = page::show(&call, &caller, &id, &Said::nothing(), &Shown::secret(&secret)).await;
                    return answer.map(answer::never_stored);
                }
                Err(failure) => Said::refused(failure, problem)?,
            }
        }
    };
    page::show(&call, &caller, &id, &said, &Shown { settings: Some(&form), ..Shown::default() }).await
}
