//! What an organization has of the catalogue.

use super::{Screen, Viewer};
use crate::app::App;
use crate::store::products::{self, CatalogueRow};
use crate::usecase::Failure;
use crate::usecase::authorized::{AuthorizedBatch, Caller};
use crate::usecase::products::ProductRow;

/// All products, as the organization stands with them.
pub struct Products {
    /// Who looks.
    pub viewer: Viewer,
    /// Those that it has.
    pub enabled: Vec<ProductRow>,
    /// Those that it could have.
    pub others: Vec<String>,
}

/// Both in the catalogue's order, without product Accounts.
pub async fn read(app: &App, caller: &Caller) -> Result<Products, Failure> {
    let caller = caller.before(Screen::Products);
    let mut batch = AuthorizedBatch::new(app, &caller, None);
    let viewer = Viewer::begin(&mut batch);
    let enabled = batch.push(products::list_for_caller(batch.token()));
    let others = batch.push(products::list_others_for_caller(batch.token()));
    let outcome = batch.run(|_| None).await?;
    let others: Vec<CatalogueRow> = outcome.all(others)?;
    Ok(Products {
        viewer: Viewer::of(&outcome, viewer)?,
        enabled: outcome.all(enabled)?,
        others: others.into_iter().map(|row| row.product).collect(),
    })
}
