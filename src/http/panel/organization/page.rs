//! The organization's screen as an answer.

use axum::response::Response;

use crate::domain::invitation::Mode;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Organization, OrganizationFields};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::panel::Screen;
use crate::usecase::panel::organization::read;

/// Its address.
pub(super) const PATH: &str = "/panel/organization";

/// The screen as of now; `written` is what was refused, `repeated` the id that was not the organization's.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    said: &Said,
    written: Option<&Form>,
    repeated: &str,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let row = &data.organization;
    let text = |name, stored| written.map_or(stored, |form| form.text(name));
    let screen = Organization {
        frame: around.frame(),
        panel: around.panel(Screen::Organization, said),
        id: &row.organization_id.to_string(),
        fields: OrganizationFields {
            name: text("name", &row.name),
            phone: text("phone", row.company_phone.as_deref().unwrap_or_default()),
            website: text("website", row.company_website.as_deref().unwrap_or_default()),
            strict: text("invitation_mode", row.invitation_mode.name()) == Mode::Strict.name(),
        },
        can_change: data.viewer.offers.change_organization,
        domains: data.viewer.offers.domains,
        merge: data.viewer.offers.merge,
        can_delete: data.viewer.offers.delete_organization,
        repeated,
    };
    respond(said.status, &screen, Csp::Own)
}
