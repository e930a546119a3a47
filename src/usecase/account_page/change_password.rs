//! A person who knows the present password chooses another (row P10).

use super::{FreshCookies, SignedIn};
use crate::app::App;
use crate::domain::id::OutboxId;
use crate::domain::password::Password;
use crate::domain::time::Timestamp;
use crate::oauth::refusal::IdentityRefusal;
use crate::store::accounts::changes;
use crate::store::audit::{Change, OWN_ACCOUNT};
use crate::store::sessions::Expiry;
use crate::store::{browser_sessions, mail_tokens, outbox, passwords, sessions};
use crate::usecase::accounts::set_password::TEMPLATE;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::guesses::{self, Proved};
use crate::usecase::{Failure, Refusal};

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
    let first = AuthorizedBatch::new(app, caller, None);
    match guesses::prove_current(app, first, current, |_| None).await?.0 {
        Some(proved) => {
            let hash = app.hasher().hash(new, &app.random()?)?;
            write(app, caller, &proved, hash, now).await
        }
        None => Err(wrong().into()),
    }
}

async fn write(app: &App, caller: &Caller, proved: &Proved, hash: String, now: Timestamp) -> Result<SignedIn, Failure> {
    let (account, lifetimes) = (proved.account, app.config().lifetimes);
    let expiry = Expiry { idle: now.plus(lifetimes.session_idle), absolute: now.plus(lifetimes.session) };
    let fresh = FreshCookies::mint(app, expiry.absolute)?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let cookie = batch.token();
    batch.push(passwords::refuse_changed(account, &proved.phc));
    batch.audit(&Change::new("account.set_password", "account", OWN_ACCOUNT))?;
    batch.push(guesses::forget_current(cookie));
    batch.push(passwords::set(account, hash, now));
    batch.push(mail_tokens::withdraw_at_new_password(account));
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
