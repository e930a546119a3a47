//! The organization's screen as an answer.

use std::time::Duration;

use axum::response::Response;

use crate::domain::invitation::Mode;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Demand, Organization, OrganizationFields};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::day;
use crate::http::panel::said::Said;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::panel::Screen;
use crate::usecase::panel::organization::read;

/// Its address.
pub(super) const PATH: &str = "/panel/organization";

/// So many days members are given, where the owner names no other day.
const GRACE: Duration = Duration::from_hours(14 * 24);

/// What was written and refused.
#[derive(Default)]
pub(super) struct Written<'a> {
    /// The form of the details.
    pub details: Option<&'a Form>,
    /// The id that was not the organization's.
    pub repeated: &'a str,
    /// The day from which on members were to need a second factor.
    pub required_on: Option<&'a str>,
}

/// The screen as of now.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    said: &Said,
    written: &Written<'_>,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller).await?;
    let around = Around::of(call, caller, &data.viewer, PATH)?;
    let row = &data.organization;
    let text = |name, stored| written.details.map_or(stored, |form| form.text(name));
    let now = call.app.now();
    let required_at = data.second_factor.required_at;
    let (today, suggested) = (day::of(now), day::of(required_at.unwrap_or(now.plus(GRACE))));
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
        demand: Demand {
            required_at,
            can_change: data.viewer.offers.demand_second_factor,
            first_day: &today,
            day: written.required_on.unwrap_or(&suggested),
        },
        can_change: data.viewer.offers.change_organization,
        domains: data.viewer.offers.domains,
        merge: data.viewer.offers.merge,
        can_delete: data.viewer.offers.delete_organization,
        repeated: written.repeated,
    };
    respond(said.status, &screen, Csp::Own)
}
