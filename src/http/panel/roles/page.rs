//! A role's screen as an answer.

use axum::response::Response;

use crate::domain::id::RoleId;
use crate::http::call::Call;
use crate::http::forms::Form;
use crate::http::pages::panel::{Role, RoleFields, ScopePicker};
use crate::http::pages::{Csp, respond};
use crate::http::panel::around::Around;
use crate::http::panel::said::Said;
use crate::http::panel::scopes::boxes;
use crate::usecase::Failure;
use crate::usecase::authorized::Caller;
use crate::usecase::clients::ScopeOfClient;
use crate::usecase::panel::Screen;
use crate::usecase::panel::role::read;

/// Its address.
pub(super) fn path(role: RoleId) -> String {
    format!("/panel/roles/{role}")
}

/// The screen as of now; `written` is what was refused.
pub(super) async fn show(
    call: &Call,
    caller: &Caller,
    id: RoleId,
    said: &Said,
    written: Option<&Form>,
) -> Result<Response, Failure> {
    let data = read(&call.app, caller, id).await?;
    let around = Around::of(call, caller, &data.viewer, &path(id))?;
    let role = &data.role.role;
    let can_change = data.viewer.offers.change_roles && !role.predefined;
    let had = |scope: &String| ScopeOfClient { scope: scope.clone(), required: false, description: String::new() };
    let had: Vec<ScopeOfClient> = data.role.scopes.iter().map(had).collect();
    let mut boxes = boxes(&data.offered, &had, written);
    boxes.retain(|one| can_change || one.ticked);
    let screen = Role {
        frame: around.frame(),
        panel: around.panel(Screen::Role, said),
        id: &id.to_string(),
        role: &role.role,
        predefined: role.predefined,
        fields: RoleFields {
            name: written.map_or(&role.role, |form| form.text("name")),
            product: &role.product,
            scopes: ScopePicker { boxes: &boxes, with_required: false },
        },
        can_change,
    };
    respond(said.status, &screen, Csp::Own)
}
