//! A person leaves an organization, not necessarily the one in which the session's pages act.

use super::{FreshCookies, SignedIn};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::browser_sessions::{self, Door, PersonRow};
use crate::store::memberships::{self, refusal};
use crate::usecase::accounts::delete;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

const FOREIGN: &str = "organization_foreign";

/// As `DELETE /v2/accounts/me` in that organization: the same statements, after the policy was asked there too. The
/// pages then act where they did, or else where a sign-in would lead. `None`: it was the last one, and the account is
/// gone. The owner cannot leave (row R3): a conflict.
pub async fn leave_organization(app: &App, caller: &Caller, left: OrganizationId) -> Result<Option<SignedIn>, Failure> {
    let now = app.now();
    let fresh = FreshCookies::instead_of(app, caller.credential.expires_at())?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let cookie = batch.token();
    // So that act_in finds the way back, unless this is the one that is left.
    batch.push(memberships::note_choice_of_caller(cookie, now));
    batch.move_to(left, FOREIGN);
    delete::compose(&mut batch, None)?;
    batch.push(browser_sessions::act_in(cookie, None));
    let person = batch.push(browser_sessions::find_person(cookie, Door::Page, now));
    batch.push(browser_sessions::replace_cookies(cookie, fresh.digests()));
    let outcome = batch.run(|name| refused(name, left)).await?;
    let person: Option<PersonRow> = outcome.first(person)?;
    Ok(person.map(|_| fresh.given(now)))
}

fn refused(name: &str, left: OrganizationId) -> Option<Refusal> {
    match name {
        FOREIGN => Some(Refusal::NotFound { resource: "organization", id: Some(left.to_string()) }),
        refusal::OWNER => Some(Refusal::Conflict {
            resource: "organization",
            description: "The owner of an organization cannot leave it.",
        }),
        _ => None,
    }
}
