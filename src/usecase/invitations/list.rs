//! What waits: for an approval, or for the person behind the link.

use super::InvitationRow;
use crate::app::App;
use crate::domain::email::Email;
use crate::domain::id::InvitationId;
use crate::store::approvers::{self, Reach};
use crate::store::authorization::refusal::RANK;
use crate::store::invitations;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::page::{self, Page, PageRequest};

/// One page in one round trip, of the products that the caller decides about.
pub async fn list(app: &App, caller: &Caller, request: PageRequest) -> Result<Page<InvitationRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(approvers::refuse_nowhere(batch.token(), Reach::See, RANK));
    request.guard(&mut batch);
    let after = request.after.map(|position| InvitationId::from_bytes(position.id));
    let found = batch.push(invitations::list_for_caller(batch.token(), after, request.rows(), app.now()));
    let outcome = batch.run(page::refusal).await?;
    request.page(&outcome, found, |row: &InvitationRow| row.invitation_id.bytes(), |row| row)
}

/// Those of one address: at most one for each product.
pub async fn find(app: &App, caller: &Caller, email: &Email) -> Result<Vec<InvitationRow>, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    batch.push(approvers::refuse_nowhere(batch.token(), Reach::See, RANK));
    let found = batch.push(invitations::find_for_caller(batch.token(), email, app.now()));
    let outcome = batch.run(|_| None).await?;
    outcome.all(found)
}
