//! The person asks to be let into a product.

use super::finish::refusal;
use super::resume::find;
use super::{Asks, Handle, Screen, Visitor, screen};
use crate::app::App;
use crate::domain::id::{InvitationId, OutboxId};
use crate::mail::Template;
use crate::oauth::interaction::{self, Next};
use crate::store::audit::{self, Act, Sitting};
use crate::store::invitations::{self, NewRequest};
use crate::store::{approvers, browser_sessions};
use crate::usecase::{Failure, Refusal, audit_entry, present};

/// What became of asking.
pub struct Asked {
    /// The page that it was asked on.
    pub screen: Screen,
    /// Whether the same was asked before and still waits.
    pub already: bool,
}

/// Keeps the request for those who may approve it, and tells them. Asking twice is asking once.
pub async fn request(app: &App, visitor: &Visitor, handle: Handle) -> Result<Asked, Failure> {
    let now = app.now();
    let kept = find(app, visitor, handle).await?;
    let request = kept.request_of_application(app)?;
    let next = interaction::next(&kept.facts.wish(&request)?, &kept.person()?)?;
    let Next::RequestAccess(organization) = next else {
        return Err(Refusal::StaleForm.into());
    };
    let screen = present(screen::of(&kept.facts, &request, handle, &next)?)?;
    let Asks::Access { product, suspended, .. } = &screen.asks else {
        return present(None);
    };
    if *suspended {
        return Err(Refusal::StaleForm.into());
    }
    let person = present(kept.facts.person.as_ref())?;
    let new = NewRequest {
        id: InvitationId::new(now, &app.random()?),
        organization,
        account: person.account_id,
        product,
        expires_at: now.plus(app.config().lifetimes.invitation),
    };
    let entry = audit_entry(app, now)?;
    let client = request.client_id.to_string();
    let act = Act {
        sitting: Sitting::Id(person.session_id),
        organization: Some(organization),
        client: Some(&client),
        action: "access.request",
    };
    let batch = [
        browser_sessions::refuse_over(person.session_id, now),
        invitations::clear_expired(&new, now),
        invitations::insert_request(&new, now),
        audit::record_act_if_changed(&entry, &act),
        audit::origin(&entry, app.origin()),
        approvers::tell(OutboxId::new(now, &app.random()?), Template::AccessRequest.name(), new.id, now),
    ];
    let rows = app.batch(&batch).await.map_err(refusal)?;
    let already = present(rows.get(2))?.changes() == 0;
    Ok(Asked { screen, already })
}
