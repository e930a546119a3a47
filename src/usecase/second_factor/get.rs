//! What the caller has as a second factor.

use crate::app::App;
pub use crate::store::second_factors::SecondFactorRow;
use crate::store::second_factors::find_for_caller;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::second_factor::enrolment_over;
use crate::usecase::{Failure, present};

/// One round trip.
pub async fn get(app: &App, caller: &Caller) -> Result<SecondFactorRow, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    let found = batch.push(find_for_caller(batch.token(), enrolment_over(app.now())));
    let outcome = batch.run(|_| None).await?;
    present(outcome.first(found)?)
}
