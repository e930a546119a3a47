//! `POST /panel/applications/{client_id}/secret`

use axum::response::Response;

use super::page::Shown;
use super::{page, target};
use crate::http::account::submitted;
use crate::http::answer;
use crate::http::call::Call;
use crate::http::pages::panel::Problem;
use crate::http::panel::said::Said;
use crate::usecase::clients::update::{Changes, SecretWish, update};
use crate::usecase::{Failure, Refusal};

/// The answer is the application's screen: no address may hold the secret.
pub(in crate::http) async fn handler(call: Call) -> Result<Response, Failure> {
    let (caller, _) = submitted(&call)?;
    let id = target(&call)?;
    let changes = Changes { secret: Some(SecretWish::Rotate), ..Changes::default() };
    let (said, secret) = match update(&call.app, &caller, &id, &changes).await {
        Ok(secret) => (Said::nothing(), secret),
        Err(failure) => (Said::refused(failure, problem)?, None),
    };
    let shown = secret.as_deref().map(Shown::secret).unwrap_or_default();
    page::show(&call, &caller, &id, &said, &shown).await.map(answer::never_stored)
}

/// It has none any more.
fn problem(refusal: &Refusal) -> Option<Problem> {
    matches!(refusal, Refusal::Invalid(_)).then_some(Problem::ChangedMeanwhile)
}
