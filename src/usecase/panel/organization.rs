//! What an organization is called and how it is reached.

use super::{Screen, Viewer};
use crate::app::App;
use crate::store::organizations;
use crate::store::second_factors::{self, SecondFactorRow};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::organizations::OrganizationRow;
use crate::usecase::second_factor::enrolment_over;
use crate::usecase::{Failure, present};

/// The organization in which the caller acts.
pub struct OrganizationScreen {
    /// Who looks.
    pub viewer: Viewer,
    /// As stored.
    pub organization: OrganizationRow,
    /// Whether it demands a second factor.
    pub second_factor: SecondFactorRow,
}

/// For every member.
pub async fn read(app: &App, caller: &Caller) -> Result<OrganizationScreen, Failure> {
    let caller = caller.before(Screen::Organization);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let organization = batch.push(organizations::get_for_caller(batch.token(), None));
    let second_factor = batch.push(second_factors::find_for_caller(batch.token(), enrolment_over(app.now())));
    let outcome = batch.run(|_| None).await?;
    let organization = present(outcome.first(organization)?)?;
    let second_factor = present(outcome.first(second_factor)?)?;
    Ok(OrganizationScreen { viewer: Viewer::of(&outcome, viewer)?, organization, second_factor })
}
