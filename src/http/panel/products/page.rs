//! The products' screen as an answer.

use axum::response::Response;

use crate::http::call::Call;
use crate::http::pages::panel::{ProductLine, Products};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::panel::Screen;
use crate::usecase::panel::products::read;

/// Its address.
pub(super) const PATH: &str = "/panel/products";

/// The screen as of now.
pub(super) async fn show(call: &Call, caller: &Caller, said: &Said) -> Result<Response, Failure> {
    let data = read(&call.app, caller).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let enabled = data.enabled.into_iter();
    let enabled: Vec<ProductLine> =
        enabled.map(|row| ProductLine { product: row.product, state: row.state, since: row.created_at }).collect();
    let screen = Products {
        frame: around.frame(),
        panel: around.panel(Screen::Products, said),
        enabled: &enabled,
        others: &data.others,
        can_change: data.viewer.offers.change_products,
    };
    respond(said.status, &screen, Csp::Own)
}
