//! The organization in which a session's pages acted is no more.

use super::{FreshCookies, SignedIn};
use crate::app::App;
use crate::store::browser_sessions::{self, Door, PersonRow};
use crate::usecase::authorized::Caller;
use crate::usecase::{Failure, present};

/// The pages act where a sign-in would lead from now on, and what the cookies open changes, so they do (row A19). `None`:
/// the account is gone, or belongs nowhere any more. A sign-in that has ended stays ended.
pub async fn go_on(app: &App, caller: &Caller) -> Result<Option<SignedIn>, Failure> {
    let now = app.now();
    let cookie = caller.credential.digest();
    let fresh = FreshCookies::instead_of(app, caller.credential.expires_at())?;
    let rows = app
        .batch(&[
            browser_sessions::act_in(cookie, None),
            browser_sessions::find_person(cookie, Door::Page, now),
            browser_sessions::replace_cookies(cookie, fresh.digests()),
        ])
        .await?;
    let person: Option<PersonRow> = present(rows.get(1))?.first()?;
    Ok(person.filter(|person| person.organization_id.is_some()).map(|_| fresh.given(now)))
}
