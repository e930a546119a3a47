//! The person says yes or no to an application.

use super::finish::{self, Finish};
use super::resume::find;
use super::{Handle, Shown, Visitor, answered, named, screen};
use crate::app::App;
use crate::oauth::authorize::Flow;
use crate::oauth::interaction::{self, Next};
use crate::oauth::refusal::OAuthRefusal;
use crate::store::audit::{self, Act, Sitting};
use crate::store::authorization_requests;
use crate::usecase::{Failure, audit_entry, present};

/// Yes: the application gets its answer. No: it gets none, except where a window waits for a message (API, sections 2.4
/// and 4.1). Either is about the request as it was kept, decided once.
pub async fn decide(app: &App, visitor: &Visitor, handle: Handle, allow: bool) -> Result<Shown, Failure> {
    let kept = find(app, visitor, handle).await?;
    let request = kept.request_of_application(app)?;
    let person = kept.person()?;
    let next = interaction::after_consent(&kept.facts.wish(&request)?, &person)?;
    let Next::Grant(granted) = &next else {
        let screen = screen::of(&kept.facts, &request, handle, &next)?;
        return Ok(Shown::Screen(Box::new(present(screen)?)));
    };
    if allow {
        let finish =
            Finish { facts: &kept.facts, request: &request, granted, kept: Some(&kept.digest), consented: true };
        return finish::finish(app, visitor, &finish).await;
    }
    let now = app.now();
    let entry = audit_entry(app, now)?;
    let client = request.client_id.to_string();
    let act = Act {
        sitting: Sitting::Id(present(kept.facts.person.as_ref())?.session_id),
        organization: Some(granted.organization),
        client: Some(&client),
        action: "consent.refuse",
    };
    let batch = [
        authorization_requests::refuse_gone(named(&kept.digest, visitor), now),
        authorization_requests::decide(named(&kept.digest, visitor), now),
        audit::record_act(&entry, &act),
        audit::origin(&entry, app.origin()),
    ];
    app.batch(&batch).await.map_err(finish::refusal)?;
    match request.flow {
        Flow::Button => Ok(Shown::Denied(answered(&request, visitor))),
        Flow::Redirect => Err(OAuthRefusal::AccessDenied(None).into()),
    }
}
