//! The pages of a session act in another organization.

use super::{FreshCookies, SignedIn};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::store::{browser_sessions, memberships};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal};

const FOREIGN: &str = "organization_foreign";

/// Only in one of the person's own, in which they are not suspended. It is the one that a sign-in offers first from now
/// on. What the cookies open changes, so the cookies do (row A19).
pub async fn switch_organization(app: &App, caller: &Caller, to: OrganizationId) -> Result<SignedIn, Failure> {
    let now = app.now();
    let fresh = FreshCookies::instead_of(app, caller.credential.expires_at())?;
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.move_to(to, FOREIGN);
    batch.push(memberships::note_choice_of_caller(batch.token(), now));
    batch.audit_own_token("session.choose_organization")?;
    batch.push(browser_sessions::replace_cookies(batch.token(), fresh.digests()));
    let foreign = || Refusal::NotFound { resource: "organization", id: Some(to.to_string()) };
    batch.run(|name| (name == FOREIGN).then(foreign)).await?;
    Ok(fresh.given(now))
}
