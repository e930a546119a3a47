//! A member ends a personal token.

use crate::app::App;
use crate::domain::id::{OutboxId, PersonalTokenId};
use crate::mail::Template;
use crate::store::audit::Change;
use crate::store::outbox;
use crate::store::personal_tokens::{self, refusal};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

/// Only one of the caller's own in the organization in which it acts, the one that it acts with perhaps; any other is
/// not found. The person is told by mail.
pub async fn delete(app: &App, caller: &Caller, id: PersonalTokenId) -> Result<(), Failure> {
    let target = id.to_string();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(personal_tokens::refuse_unknown(batch.token(), id));
    let change = Change::new("personal_token.delete", "personal_token", &target);
    batch.audit(&Change { before: personal_tokens::BEFORE, ..change })?;
    let (now, mail) = (app.now(), OutboxId::new(app.now(), &app.random()?));
    batch.push(outbox::tell_caller(batch.token(), mail, Template::PersonalTokenDeleted.name(), "{}".to_owned(), now));
    batch.push(personal_tokens::delete(id));
    let not_found = || Refusal::NotFound { resource: "personal_token", id: Some(id.to_string()) };
    batch.run(|name| (name == refusal::UNKNOWN).then(not_found)).await.map(drop)
}
