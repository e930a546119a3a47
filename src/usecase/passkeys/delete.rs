//! The caller removes a passkey.

use super::refused;
use crate::app::App;
use crate::domain::id::{OutboxId, PasskeyId};
use crate::domain::password::Password;
use crate::mail::Template;
use crate::store::audit::Change;
use crate::store::{outbox, passkeys};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up;

/// Only one of the caller's own, by who has just proved to be the person (row M4); any other is not found. The person is
/// told by mail.
pub async fn delete(app: &App, caller: &Caller, id: PasskeyId, password: Option<&Password>) -> Result<(), Failure> {
    let now = app.now();
    let target = id.to_string();
    let mut first = AuthorizedBatch::new(app, caller, None);
    first.push(passkeys::refuse_unknown(first.token(), id));
    let proof = step_up::prove(app, first, password, |name| refused(name, id)).await?;

    let mail = OutboxId::new(now, &app.random()?);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    proof.guard(&mut batch, now);
    batch.push(passkeys::refuse_unknown(by, id));
    let change = Change::new("passkey.delete", "passkey", &target);
    batch.audit(&Change { before: passkeys::BEFORE, ..change })?;
    batch.push(outbox::tell_caller(by, mail, Template::PasskeyRemoved.name(), "{}".to_owned(), now));
    batch.push(passkeys::delete(id));
    batch.run(|name| refused(name, id)).await.map(|_| ())
}
