//! What the screens of the panel show, each as of one instant and in one round trip.
//!
//! What their forms do is done by the use cases of the API. A screen is read under the rule of its own operation
//! (`authz::panel`), also after a form was refused, so that no form shows anybody more than the screen itself would.

pub mod application;
pub mod applications;
pub mod audit_log;
pub mod domains;
pub mod invitations;
pub mod merge;
pub mod merges;
pub mod organization;
pub mod people;
pub mod person;
pub mod products;
pub mod role;
pub mod roles;

use super::authorized::{AuthorizedBatch, Outcome, Slot};
use super::{Failure, present};
pub use crate::authz::panel::{Offers, Screen};
use crate::store::memberships;
pub use crate::store::memberships::StandingRow;

/// Who looks at a screen, and what it offers.
pub struct Viewer {
    /// Who, and where.
    pub standing: StandingRow,
    /// Of the policy table, as of the same instant.
    pub offers: Offers,
}

impl Viewer {
    fn begin(batch: &mut AuthorizedBatch<'_>) -> Slot {
        batch.push(memberships::standing_of_caller(batch.token()))
    }

    fn of(outcome: &Outcome, slot: Slot) -> Result<Self, Failure> {
        let standing: StandingRow = present(outcome.first(slot)?)?;
        let offers = Offers::to(standing.rank, |scope| outcome.principal.may(scope));
        Ok(Self { standing, offers })
    }
}
