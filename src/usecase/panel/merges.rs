//! The merges of an organization, and what asking for one needs.

use super::{Screen, Viewer};
use crate::app::App;
use crate::store::{authorization, organization_merges, products};
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::merges::MergeRow;
use crate::usecase::merges::list::MOST;
use crate::usecase::products::ProductRow;
use crate::usecase::{Failure, Refusal};

/// The organization's merges and products.
pub struct MergesScreen {
    /// Who looks.
    pub viewer: Viewer,
    /// The newest, whatever became of them.
    pub merges: Vec<MergeRow>,
    /// Of each of them it is to be said whose instance stays.
    pub products: Vec<ProductRow>,
}

/// For the owner; everybody else finds nothing.
pub async fn read(app: &App, caller: &Caller) -> Result<MergesScreen, Failure> {
    let caller = caller.before(Screen::Merges);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let merges = batch.push(organization_merges::list_for_caller(batch.token(), None, MOST, app.now()));
    let products = batch.push(products::list_for_caller(batch.token()));
    let absent = || Refusal::NotFound { resource: "merge", id: None };
    let outcome = batch.run(|name| (name == authorization::refusal::RANK).then(absent)).await?;
    Ok(MergesScreen {
        viewer: Viewer::of(&outcome, viewer)?,
        merges: outcome.all(merges)?,
        products: outcome.all(products)?,
    })
}
