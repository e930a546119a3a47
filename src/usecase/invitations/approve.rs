//! Somebody who may approves, and chooses the role.

use super::{refused, settled};
use crate::app::App;
use crate::domain::id::{AccountId, InvitationId};
use crate::store::approvers;
use crate::store::audit::Change;
use crate::store::invitations::decisions::{self, ApprovedRow};
use crate::store::invitations::refusal;
use crate::store::refuse_unless_changed;
use crate::store::role_grants::{self, Offered};
use crate::usecase::accounts::role_changes;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::{Failure, Refusal, present};

/// Approves an invitation or a request of the caller's organization with a role of its product, by the rules of
/// `authz::granting`. A member of the organization has the role at once and is told; anybody else gets a link, and a role
/// with accepting. Answers the member, `None` for anybody else: whether the address has an account elsewhere is not the
/// caller's to know. Of two decisions at once the second finds the first.
pub async fn approve(
    app: &App,
    caller: &Caller,
    invitation: InvitationId,
    role: &str,
) -> Result<Option<AccountId>, Failure> {
    let now = app.now();
    let expires_at = now.plus(app.config().lifetimes.invitation);
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let by = batch.token();
    batch.push(decisions::refuse_unknown(by, invitation, now));
    batch.push(approvers::refuse_beyond(by, invitation, refusal::BEYOND));
    batch.push(decisions::refuse_decided(invitation));
    batch.push(decisions::refuse_ended_subscription(by, invitation));
    batch.push(decisions::refuse_member_of_product(by, invitation));
    batch.push(role_grants::check_for_invited(by, Offered::Waiting(invitation), role));
    batch.push(decisions::refuse_above(by, invitation));
    batch.push(decisions::approve(by, invitation, role, expires_at, now));
    batch.push(refuse_unless_changed(refusal::DECIDED));
    batch.audit(&Change {
        facts: &serde_json::json!({ "role": role }).to_string(),
        ..Change::new("invitation.approve", "invitation", &invitation.to_string())
    })?;
    batch.extend(settled(app, invitation, expires_at)?);
    let found = batch.push(decisions::approved(invitation));
    let outcome = batch.run(|name| refusal_of(name, invitation, role)).await?;
    let ApprovedRow { account_id } = present(outcome.first(found)?)?;
    Ok(account_id)
}

fn refusal_of(name: &str, invitation: InvitationId, role: &str) -> Option<Refusal> {
    refused(name, invitation).or_else(|| role_changes::refused_offer(name, Some(role), false))
}
