//! A password, set by who is signed in.

use std::time::Duration;

use super::{SeenAccount, member, seen_by};
use crate::app::App;
use crate::domain::id::{AccountId, OutboxId};
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::store::accounts::changes;
use crate::store::audit::Change;
use crate::store::throttles::{self, Counted};
use crate::store::{accounts, mail_tokens, memberships, outbox, passwords, sessions};
use crate::usecase::authorized::{AuthorizedBatch, Caller, Slot};
use crate::usecase::{Failure, Refusal, present};

const HOUR: Duration = Duration::from_hours(1);
/// The mail that tells a person of a new password.
pub(in crate::usecase) const TEMPLATE: &str = "password_changed";

/// Sets the password of the caller (`None`), or of a member who ranks no higher than the calling administrator and
/// belongs to no other organization.
///
/// In the same transaction every session, access token and refresh token of the account ends, the caller's own too;
/// personal tokens live on. The person is told by mail. Two round trips, with the hash between them.
pub async fn set_password(
    app: &App,
    caller: &Caller,
    account: Option<AccountId>,
    password: &Password,
) -> Result<SeenAccount, Failure> {
    let now = app.now();
    let mut first = guarded(app, caller, account);
    let count = count(&mut first, now);
    let admitted = first.run(|name| member::refused(name, account)).await?;
    admit(app, &present(admitted.first(count)?)?, now)?;
    let target = account.unwrap_or(admitted.principal.account());
    let phc = app.hasher().hash(password, &app.random()?)?;

    let mut batch = guarded(app, caller, account);
    batch.audit(&Change::new("account.set_password", "account", &target.to_string()))?;
    batch.push(passwords::set(target, phc, now));
    batch.push(mail_tokens::withdraw_at_new_password(target));
    batch.push(outbox::tell_account(OutboxId::new(now, &app.random()?), TEMPLATE, target, now));
    batch.push(sessions::end_all(target, now));
    batch.push(changes::revoke_sessions(target, now));
    let found = batch.push(accounts::get(admitted.principal.organization(), target));
    let outcome = batch.run(|name| member::refused(name, account)).await?;
    Ok(seen_by(app, &outcome.principal)(present(outcome.first(found)?)?))
}

fn guarded<'a>(app: &'a App, caller: &'a Caller, account: Option<AccountId>) -> AuthorizedBatch<'a> {
    let mut batch = AuthorizedBatch::new(app, caller, account);
    batch.push(memberships::refuse_unknown(batch.token(), account));
    batch.push(memberships::refuse_others_below_administrator(batch.token(), account));
    batch.push(memberships::refuse_above(batch.token(), account));
    batch.push(memberships::refuse_shared(batch.token(), account));
    batch
}

/// Counts one more password that the caller's account sets, for itself or another.
pub(super) fn count(batch: &mut AuthorizedBatch<'_>, now: Timestamp) -> Slot {
    batch.push(throttles::count_for_caller(batch.token(), "password", now, HOUR))
}

/// Refuses a caller who sets passwords too often. Before any hashing.
pub(super) fn admit(app: &App, counted: &Counted, now: Timestamp) -> Result<(), Failure> {
    match counted.retry_after(app.config().limits.passwords_per_hour, HOUR, now) {
        Some(retry_after) => Err(Refusal::Throttled { retry_after }.into()),
        None => Ok(()),
    }
}
