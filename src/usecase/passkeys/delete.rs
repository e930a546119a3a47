//! The caller removes a passkey.

use super::refused;
use crate::app::App;
use crate::domain::id::{OutboxId, PasskeyId};
use crate::mail::Template;
use crate::store::audit::Change;
use crate::store::{outbox, passkeys, recovery_codes, second_factors};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::step_up::{self, Presented};

/// Only one of the caller's own; any other is not found. As with a code's secret, every other session of the account ends,
/// recovery codes go where no factor is left, and the last one stays where an organization demands it; the person is told.
///
/// `code`: a code by time or a recovery code; without one only within ten minutes of a sign-in with a second factor. A
/// password is not enough (row M4).
pub async fn delete(app: &App, caller: &Caller, id: PasskeyId, code: Option<&str>) -> Result<(), Failure> {
    let now = app.now();
    let target = id.to_string();
    let mut first = AuthorizedBatch::new(app, caller, None);
    first.push(passkeys::refuse_unknown(first.token(), id));
    let proof = step_up::prove(app, first, Presented { password: None, code }, |name| refused(name, id)).await?;

    let mail = OutboxId::new(now, &app.random()?);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    proof.guard(app, &mut batch, now)?;
    batch.push(passkeys::refuse_unknown(by, id));
    let change = Change::new("passkey.delete", "passkey", &target);
    batch.audit(&Change { before: passkeys::BEFORE, ..change })?;
    batch.push(outbox::tell_caller(by, mail, Template::PasskeyRemoved.name(), "{}".to_owned(), now));
    batch.push(passkeys::delete(id));
    batch.push(second_factors::refuse_demanded(by, now));
    batch.push(recovery_codes::delete_useless_for_caller(by));
    batch.push(second_factors::end_other_sessions(by, now));
    batch.run(|name| refused(name, id)).await.map(|_| ())
}
