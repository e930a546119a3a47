//! The invited person, signed in, accepts.

use super::{Needs, closed, open, refused};
use crate::app::App;
use crate::oauth::envelope::Opened;
use crate::oauth::refusal::IdentityRefusal;
use crate::ports::DatabaseError;
use crate::store::invitations::links;
use crate::store::{audit, browser_sessions, memberships, proofs, refuse_unless_changed};
use crate::usecase::sign_in::SignedIn;
use crate::usecase::sign_in::fresh_cookies::FreshCookies;
use crate::usecase::{Failure, Refusal, audit_entry, present};

const LOST: &str = "session_lost";

/// The account joins the organization with the offered role; the link proves its address, and the first proof removes what
/// somebody else may have planted before it. The session's pages act there
/// from now on, so its cookies change (row A19). Only for the account that has the invited address. Twice, also at the
/// same time, the second finds it closed (row R9).
pub async fn accept(app: &App, link: &Opened, cookie: &Opened) -> Result<SignedIn, Failure> {
    let now = app.now();
    let linked = open(app, link, Some(cookie)).await?;
    if linked.needs() != Needs::Nothing {
        return Err(closed().into());
    }
    let person = present(linked.person.as_ref())?;
    let (account, organization) = (person.account_id, linked.row.organization_id);
    let fresh = FreshCookies::instead_of(app, cookie.expires_at)?;
    let entry = audit_entry(app, now)?;
    let mut batch =
        vec![browser_sessions::refuse_over(person.session_id, now), links::refuse_closed(&link.digest, account, now)];
    batch.extend(proofs::clear_planted(&link.digest));
    batch.push(links::verify_account(&link.digest, account, now));
    batch.extend(links::accept(&link.digest, account, now));
    batch.extend([
        memberships::note_choice(organization, account, now),
        browser_sessions::act_in(&cookie.digest, Some(organization)),
        audit::record_invited(&link.digest, Some(account), Some(&cookie.digest), &entry, "invitation.accept"),
        audit::origin(&entry, app.origin()),
        browser_sessions::replace_cookies(&cookie.digest, fresh.digests()),
        refuse_unless_changed(LOST),
    ]);
    app.batch(&batch).await.map_err(lost_or_refused)?;
    Ok(fresh.given(now))
}

fn lost_or_refused(error: DatabaseError) -> Failure {
    match &error {
        DatabaseError::Refused(name) if name == LOST || name == browser_sessions::refusal::OVER => {
            Refusal::Identity(IdentityRefusal::IdentityLost).into()
        }
        _ => refused(error),
    }
}
