//! One merge of the caller's organization.

use super::{Merge, Place, find, found, guard, refused};
use crate::app::App;
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};

/// As it stands, and while it is open what it would do as of now. To the owners of the two only.
pub async fn get(app: &App, caller: &Caller, place: Place) -> Result<Merge, Failure> {
    let mut batch = AuthorizedBatch::new(app, caller, None);
    guard(&mut batch, place);
    let slots = find(&mut batch, place.merge, app.now());
    let outcome = batch.run(|name| refused(name, place.merge)).await?;
    found(&outcome, slots)
}
