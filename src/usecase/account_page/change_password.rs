//! A person who knows the present password chooses another (row P10).

use std::time::Duration;

use super::{FreshCookies, SignedIn};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::domain::password::Password;
use crate::domain::password::hash::Verdict;
use crate::domain::time::Timestamp;
use crate::oauth::refusal::IdentityRefusal;
use crate::store::accounts::changes;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::passwords::{self, StoredPassword};
use crate::store::sessions::Expiry;
use crate::store::throttles::{self, Counted};
use crate::store::{browser_sessions, mail_tokens, outbox, sessions};
use crate::usecase::accounts::set_password::TEMPLATE;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, present};

/// What is counted, and the window in which `PASSWORD_ATTEMPTS` may be made.
const ATTEMPT: &str = "current_password";
const WINDOW: Duration = Duration::from_mins(15);

/// In one transaction every other session of the account ends, and every access and refresh token, those of this session
/// too; personal tokens live on. This browser stays signed in with fresh cookies, because its person has just proved who
/// they are. The person is told by mail.
///
/// Two round trips: the first counts the attempt and reads, and refuses before any hash; the second writes only if the
/// password is still the one that was verified (row R8). An account without a password has nothing to prove here.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    current: &Password,
    new: &Password,
) -> Result<SignedIn, Failure> {
    let now = app.now();
    let mut first = AuthorizedBatch::new(app, caller, None);
    let counted = first.push(throttles::count_for_caller(first.token(), ATTEMPT, now, WINDOW));
    let stored = first.push(passwords::find_for_caller(first.token()));
    let outcome = first.run(|_| None).await?;
    let counted: Counted = present(outcome.first(counted)?)?;
    if let Some(retry_after) = counted.retry_after(app.config().limits.password_attempts, WINDOW, now) {
        return Err(Refusal::Throttled { retry_after }.into());
    }
    let stored: StoredPassword = present(outcome.first(stored)?)?;
    let verdict = match &stored.phc {
        Some(phc) => app.hasher().verify(current, phc)?,
        None => app.hasher().refuse(current)?,
    };
    match (&stored.phc, verdict) {
        (Some(phc), Verdict::Right { .. }) => {
            let hash = app.hasher().hash(new, &app.random()?)?;
            write(app, caller, &stored, phc, hash, now).await
        }
        _ => Err(wrong().into()),
    }
}

async fn write(
    app: &App,
    caller: &Caller,
    stored: &StoredPassword,
    verified: &str,
    hash: String,
    now: Timestamp,
) -> Result<SignedIn, Failure> {
    let (account, lifetimes) = (stored.account_id, app.config().lifetimes);
    let expiry = Expiry { idle: now.plus(lifetimes.session_idle), absolute: now.plus(lifetimes.session) };
    let fresh = FreshCookies::mint(app, expiry.absolute)?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let cookie = batch.token();
    batch.push(passwords::refuse_changed(account, verified));
    batch.audit(&Change::new("account.set_password", "account", OWN_ACCOUNT))?;
    batch.push(throttles::forget_for_caller(cookie, ATTEMPT));
    batch.push(passwords::set(account, hash, now));
    batch.push(mail_tokens::withdraw_reset(account));
    batch.push(outbox::tell_account(OutboxId::new(now, &app.random()?), TEMPLATE, account, now));
    batch.push(sessions::end_others(account, cookie, now));
    batch.push(changes::revoke_sessions(account, now));
    batch.push(browser_sessions::survive(cookie, fresh.digests(), now, expiry));
    batch.run(|name| (name == passwords::CHANGED).then(wrong)).await?;
    Ok(fresh.given(now))
}

/// Not the present password, or not any more.
fn wrong() -> Refusal {
    Refusal::Identity(IdentityRefusal::Unauthorized)
}
