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
use crate::usecase::{Failure, Refusal, audit_entry, present};

const FOREIGN: &str = "organization_foreign";

/// The request goes on in this organization, and the session's pages act in it. Another's organization is refused.
/// `None`: the person chooses again.
pub async fn choose(
    app: &App,
    visitor: &Visitor,
    handle: Handle,
    chosen: Option<OrganizationId>,
) -> Result<(), Failure> {
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
    if let Some(chosen) = chosen {
        batch.extend(settle(app, &person, cookie, chosen)?);
    }
    match app.batch(&batch).await {
        Ok(_) => Ok(()),
        Err(DatabaseError::Refused(name)) if name == FOREIGN => Err(OAuthRefusal::AccessDenied(None).into()),
        Err(DatabaseError::Refused(name)) if name == authorization_requests::refusal::GONE => {
            Err(Refusal::StaleForm.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The choice as it stands from now on.
fn settle(app: &App, person: &PersonRow, cookie: &Opened, chosen: OrganizationId) -> Result<[Statement; 5], Failure> {
    let now = app.now();
    let entry = audit_entry(app, now)?;
    let act = Act {
        sitting: Sitting::Id(person.session_id),
        organization: Some(chosen),
        client: None,
        action: "session.choose_organization",
    };
    Ok([
        memberships::note_choice(chosen, person.account_id, now),
        refuse_unless_changed(FOREIGN),
        browser_sessions::act_in(&cookie.digest, Some(chosen)),
        audit::record_act(&entry, &act),
        audit::origin(&entry, app.origin()),
    ])
}
