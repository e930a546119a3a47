//! The merges' screen as an answer.

use std::collections::BTreeSet;

use axum::response::Response;

use super::named;
use crate::domain::id::OrganizationId;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{KeepChoice, MergeFields, MergeLine, Merges};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::merges::MergeRow;
use crate::usecase::panel::Screen;
use crate::usecase::panel::merges::read;

/// Its address.
pub(super) const PATH: &str = "/panel/merges";
/// In a choice of `keep`, behind the product: the instance of the other organization.
pub(super) const SOURCE: &str = "source";

/// The screen as of now; `written` is a request that was refused, `wrong` the products about which its choice was.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    said: &Said,
    written: Option<&Form>,
    wrong: &BTreeSet<String>,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let own = data.viewer.standing.organization_id;
    let lines: Vec<MergeLine> = data.merges.into_iter().map(|row| line(row, own)).collect();
    let chosen: BTreeSet<&str> = written.map(|form| form.all("keep").collect()).unwrap_or_default();
    let choice = |product: String| KeepChoice {
        source: chosen.contains(format!("{product}/{SOURCE}").as_str()),
        wrong: wrong.contains(&product),
        product,
    };
    let keep: Vec<KeepChoice> = data.products.into_iter().map(|row| choice(row.product)).collect();
    let source = written.map_or("", |form| form.text("source_organization_id"));
    let screen = Merges {
        frame: around.frame(),
        panel: around.panel(Screen::Merges, said),
        merges: &lines,
        fields: MergeFields { own: &own.to_string(), source, keep: &keep },
    };
    respond(said.status, &screen, Csp::Own)
}

fn line(row: MergeRow, own: OrganizationId) -> MergeLine {
    let stays = row.organization_id == own;
    let other = match stays {
        true => named(row.source_name, row.source_organization_id),
        false => named(row.organization_name, row.organization_id),
    };
    MergeLine {
        id: row.merge_id.to_string(),
        other,
        stays,
        state: row.state,
        created_at: row.created_at,
        expires_at: row.expires_at,
        closed_at: row.closed_at,
    }
}
