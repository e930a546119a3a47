//! The person chooses an organization.

use super::{Handle, Visitor, named};
use crate::app::App;
use crate::domain::id::OrganizationId;
use crate::oauth::digest::Digest;
use crate::oauth::envelope::Opened;
use crate::oauth::refusal::{IdentityRefusal, OAuthRefusal};
use crate::ports::{DatabaseError, Statement};
use crate::store::audit::{self, Act, Sitting};
use crate::store::authorization_requests;
use crate::store::browser_sessions::{self, PersonRow};
use crate::store::memberships;
use crate::store::refuse_unless_changed;
use crate::usecase::sign_in::SignedIn;
use crate::usecase::sign_in::fresh_cookies::FreshCookies;
use crate::usecase::{Failure, Refusal, audit_entry, present};

const FOREIGN: &str = "organization_foreign";
const LOST: &str = "session_lost";

/// The request goes on in this organization, and the session's pages act in it: what its cookies open changes, so the
/// cookies do (row A19). Another's organization is refused. `None`: the person chooses again, with the same cookies.
pub async fn choose(
    app: &App,
    visitor: &Visitor,
    handle: Handle,
    chosen: Option<OrganizationId>,
) -> Result<Option<SignedIn>, Failure> {
    let now = app.now();
    let lost = || Refusal::Identity(IdentityRefusal::IdentityLost);
    let (cookie, door) = visitor.session.as_ref().ok_or_else(lost)?;
    let rows = app.batch(&[browser_sessions::find_person(&cookie.digest, *door, now)]).await?;
    let person: Option<PersonRow> = present(rows.first())?.first()?;
    let person = person.ok_or_else(lost)?;

    let digest = Digest::of(&handle.id);
    let mut batch = vec![
        authorization_requests::refuse_gone(named(&digest, visitor), now),
        authorization_requests::choose(named(&digest, visitor), chosen, now),
    ];
    let fresh = match chosen {
        Some(chosen) => {
            let (statements, fresh) = settle(app, &person, cookie, chosen)?;
            batch.extend(statements);
            Some(fresh)
        }
        None => None,
    };
    app.batch(&batch).await.map_err(refusal)?;
    Ok(fresh.map(|fresh| fresh.given(now)))
}

/// The choice as it stands from now on, and the cookies that go on with it.
pub(super) fn settle(
    app: &App,
    person: &PersonRow,
    cookie: &Opened,
    chosen: OrganizationId,
) -> Result<([Statement; 7], FreshCookies), Failure> {
    let now = app.now();
    let fresh = FreshCookies::instead_of(app, cookie.expires_at)?;
    let entry = audit_entry(app, now)?;
    let act = Act {
        sitting: Sitting::Id(person.session_id),
        organization: Some(chosen),
        client: None,
        action: "session.choose_organization",
    };
    let statements = [
        memberships::note_choice(chosen, person.account_id, now),
        refuse_unless_changed(FOREIGN),
        browser_sessions::act_in(&cookie.digest, Some(chosen)),
        audit::record_act(&entry, &act),
        audit::origin(&entry, app.origin()),
        browser_sessions::replace_cookies(&cookie.digest, fresh.digests()),
        refuse_unless_changed(LOST),
    ];
    Ok((statements, fresh))
}

/// Why a choice did not come about, by the name of the assertion that stopped it.
pub(super) fn refusal(error: DatabaseError) -> Failure {
    match &error {
        DatabaseError::Refused(name) if name == FOREIGN => OAuthRefusal::AccessDenied(None).into(),
        DatabaseError::Refused(name) if name == LOST => Refusal::Identity(IdentityRefusal::IdentityLost).into(),
        DatabaseError::Refused(name) if name == authorization_requests::refusal::GONE => Refusal::StaleForm.into(),
        _ => error.into(),
    }
}
