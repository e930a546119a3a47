//! Who was invited, and members who ask for access.

use super::{Screen, Viewer};
use crate::app::App;
use crate::domain::id::InvitationId;
use crate::store::approvers::{self, Reach};
use crate::store::authorization::refusal::RANK;
use crate::store::{invitations, products, roles};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::invitations::InvitationRow;
use crate::usecase::page::{self, Page, PageRequest};
use crate::usecase::products::ProductRow;
use crate::usecase::roles::RoleRow;

/// One page of them, and what can be given.
pub struct Invitations {
    /// Who looks.
    pub viewer: Viewer,
    /// What waits, oldest first; of the products that the caller decides about.
    pub page: Page<InvitationRow>,
    /// Every role that the organization can give.
    pub roles: Vec<RoleRow>,
    /// The organization's.
    pub products: Vec<ProductRow>,
}

/// The same as the API lists.
pub async fn read(app: &App, caller: &Caller, request: PageRequest) -> Result<Invitations, Failure> {
    let caller = caller.before(Screen::Invitations);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    batch.push(approvers::refuse_nowhere(batch.token(), Reach::See, RANK));
    request.guard(&mut batch);
    let viewer = Viewer::begin(&mut batch);
    let after = request.after.map(|position| InvitationId::from_bytes(position.id));
    let found = batch.push(invitations::list_for_caller(batch.token(), after, request.rows(), app.now()));
    let roles = batch.push(roles::list_for_caller(batch.token()));
    let products = batch.push(products::list_for_caller(batch.token()));
    let outcome = batch.run(page::refusal).await?;
    let page = request.page(&outcome, found, |row: &InvitationRow| row.invitation_id.bytes(), |row| row)?;
    Ok(Invitations {
        viewer: Viewer::of(&outcome, viewer)?,
        page,
        roles: outcome.all(roles)?,
        products: outcome.all(products)?,
    })
}
