//! Somebody who may says no, or takes back what was approved.

use super::refused;
use crate::app::App;
use crate::domain::id::{InvitationId, OutboxId};
use crate::domain::invitation::State;
use crate::mail::Template;
use crate::store::audit::Change;
use crate::store::invitations::{decisions, refusal};
use crate::store::{approvers, outbox, refuse_unless_changed};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// Declines an invitation or a request of the caller's organization that nobody has accepted. The link of an invitation
/// then says so, and the mail that would carry it is not sent any more; who asked for access is told.
pub async fn decline(app: &App, caller: &Caller, invitation: InvitationId) -> Result<(), Failure> {
    let now = app.now();
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(decisions::refuse_unknown(by, invitation, now));
    batch.push(approvers::refuse_beyond(by, invitation, refusal::BEYOND));
    batch.push(decisions::refuse_over(invitation));
    batch.push(decisions::decline(by, invitation, now));
    batch.push(refuse_unless_changed(refusal::UNKNOWN));
    batch.audit(&Change::new("invitation.decline", "invitation", &invitation.to_string()))?;
    batch.push(outbox::withdraw_invite(invitation));
    let told = OutboxId::new(now, &app.random()?);
    batch.push(outbox::tell_member_of_invitation(
        told,
        Template::AccessRefused.name(),
        invitation,
        State::Declined.name(),
        now,
    ));
    batch.run(|name| refused(name, invitation)).await.map(drop)
}
