//! `POST /panel/applications`

use axum::response::Response;

use super::fields::{self, problem};
use super::{list_page, page};
use crate::http::account::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::panel::Problem;
use crate::http::panel::said::Said;
use crate::http::panel::scopes::asked;
use crate::usecase::Failure;
use crate::usecase::clients::create::{Registration, create};

/// The answer is the application's own screen: no address may hold the secret, so that reloading asks before it sends
/// the form again.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, form) = submitted(&call)?;
    let said = match (fields::read(&form), asked(&form)) {
        (Err(problems), _) => Said::wrong(problems),
        (Ok(_), None) => Said::wrong(vec![Problem::ScopeMissing]),
        (Ok(settings), Some(scopes)) => {
            let registration = Registration {
                name: settings.name,
                r#type: settings.r#type,
                visibility: settings.visibility,
                configuration_uri: settings.configuration_uri,
                redirect_uris: settings.redirect_uris,
                scopes,
            };
            match create(&call.app, &caller, &registration).await {
                Ok(created) => {
                    let shown = page::Shown::registered(created.secret.as_deref());
                    let id = &created.row.client_id;
                    return page::show(&call, &caller, id, &Said::nothing(), &shown).await.map(answer::never_stored);
                }
                Err(failure) => Said::refused(failure, problem)?,
            }
        }
    };
    list_page::show(&call, &caller, &said, Some(&form)).await
}
